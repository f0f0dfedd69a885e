-- A ledger of version 2 (commit 105bb44, which added two columns to it), as that program's own tables and methods wrote it; never change it.
BEGIN TRANSACTION;
CREATE TABLE alerts (
	workbook VARCHAR NOT NULL, 
	instance VARCHAR NOT NULL, 
	ordinal INTEGER NOT NULL, 
	due_before VARCHAR(32) NOT NULL, 
	opened VARCHAR(32) NOT NULL, 
	cause TEXT NOT NULL, 
	due_again VARCHAR(32), 
	previous_due VARCHAR(32), 
	PRIMARY KEY (workbook, instance)
);
INSERT INTO "alerts" VALUES('main','undelivered/TH-MY-LAC',1,'2021-02-24T17:00:00.000000+00:00','2021-02-03T00:00:00.000000+00:00','returned','2021-03-04T17:00:00.000000+00:00','2021-02-23T17:00:00.000000+00:00');
CREATE TABLE attachments (
	workbook VARCHAR NOT NULL, 
	message VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	media_type TEXT NOT NULL, 
	content BLOB NOT NULL, 
	PRIMARY KEY (workbook, message, position), 
	FOREIGN KEY(workbook, message) REFERENCES messages (workbook, id) ON DELETE CASCADE
);
INSERT INTO "attachments" VALUES('main','m-sent',0,'Hạn gửi.ics','text/calendar',X'00FF');
INSERT INTO "attachments" VALUES('main','m-digest',0,'Hạn gửi.ics','text/calendar',X'00FF');
INSERT INTO "attachments" VALUES('main','m-deferred',0,'Hạn gửi.ics','text/calendar',X'00FF');
INSERT INTO "attachments" VALUES('main','m-doubt',0,'Hạn gửi.ics','text/calendar',X'00FF');
INSERT INTO "attachments" VALUES('main','m-failed',0,'Hạn gửi.ics','text/calendar',X'00FF');
INSERT INTO "attachments" VALUES('main','m-held',0,'Hạn gửi.ics','text/calendar',X'00FF');
INSERT INTO "attachments" VALUES('main','m-old',0,'Hạn gửi.ics','text/calendar',X'00FF');
INSERT INTO "attachments" VALUES('main','m-queued',0,'Hạn gửi.ics','text/calendar',X'00FF');
INSERT INTO "attachments" VALUES('khac','m-sent',0,'Hạn gửi.ics','text/calendar',X'00FF');
CREATE TABLE backoff (
	workbook VARCHAR NOT NULL, 
	unit VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	attempts INTEGER NOT NULL, 
	retry_at VARCHAR(32) NOT NULL, 
	PRIMARY KEY (workbook, unit, role), 
	CONSTRAINT backoff_attempts CHECK (attempts > 0)
);
INSERT INTO "backoff" VALUES('main','TH-KIEN-BAI','principal',1,'2021-02-26T00:05:00.000000+00:00');
CREATE TABLE bodies (
	workbook VARCHAR NOT NULL, 
	message VARCHAR NOT NULL, 
	text TEXT NOT NULL, 
	html TEXT NOT NULL, 
	PRIMARY KEY (workbook, message), 
	FOREIGN KEY(workbook, message) REFERENCES messages (workbook, id) ON DELETE CASCADE
);
INSERT INTO "bodies" VALUES('main','m-sent','Kính gửi: Hiệu trưởng','<p>Kính gửi: Hiệu trưởng</p>');
INSERT INTO "bodies" VALUES('main','m-digest','Kính gửi: Hiệu trưởng','<p>Kính gửi: Hiệu trưởng</p>');
INSERT INTO "bodies" VALUES('main','m-deferred','Kính gửi: Hiệu trưởng','<p>Kính gửi: Hiệu trưởng</p>');
INSERT INTO "bodies" VALUES('main','m-doubt','Kính gửi: Hiệu trưởng','<p>Kính gửi: Hiệu trưởng</p>');
INSERT INTO "bodies" VALUES('main','m-failed','Kính gửi: Hiệu trưởng','<p>Kính gửi: Hiệu trưởng</p>');
INSERT INTO "bodies" VALUES('main','m-held','dòng 1
năm ''nay'' "x"','<p>dòng 1
năm ''nay'' "x"</p>');
INSERT INTO "bodies" VALUES('main','m-old','Kính gửi: Hiệu trưởng','<p>Kính gửi: Hiệu trưởng</p>');
INSERT INTO "bodies" VALUES('main','m-queued','Kính gửi: Hiệu trưởng','<p>Kính gửi: Hiệu trưởng</p>');
INSERT INTO "bodies" VALUES('khac','m-sent','Kính gửi: Hiệu trưởng','<p>Kính gửi: Hiệu trưởng</p>');
CREATE TABLE decisions (
	workbook VARCHAR NOT NULL, 
	id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	scope TEXT NOT NULL, 
	obligation TEXT NOT NULL, 
	period TEXT NOT NULL, 
	first_day TEXT NOT NULL, 
	last_day TEXT NOT NULL, 
	until TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	who TEXT NOT NULL, 
	given_at VARCHAR(32) NOT NULL, 
	revoked_at VARCHAR(32), 
	revoked_by TEXT NOT NULL, 
	PRIMARY KEY (workbook, id), 
	CONSTRAINT decision_kind CHECK (kind IN ('extend', 'pause', 'waive')), 
	CONSTRAINT extension_has_a_day CHECK (kind <> 'extend' OR last_day <> ''), 
	CONSTRAINT pause_has_an_end CHECK ((kind = 'pause') = (until <> '')), 
	CONSTRAINT decision_revoked CHECK ((revoked_at IS NULL) = (revoked_by = ''))
);
INSERT INTO "decisions" VALUES('main',1,'waive','school:TH-MY-LAC','model','','2021-02-01','','','sửa chữa','hoa','2021-02-26T00:00:00.000000+00:00','2021-02-26T00:00:00.000000+00:00','hoa');
INSERT INTO "decisions" VALUES('main',2,'waive','school:TH-MY-LAC','model','','2021-02-01','','','sửa chữa','hoa','2021-02-26T00:00:00.000000+00:00',NULL,'');
INSERT INTO "decisions" VALUES('main',3,'pause','*','','','','','2021-02-28T17:00:00.000000+00:00','bão','hoa','2021-02-26T00:00:00.000000+00:00',NULL,'');
INSERT INTO "decisions" VALUES('main',4,'extend','unit:28036','plan','','','2021-03-05','','mưa lũ','hoa','2021-02-26T00:00:00.000000+00:00',NULL,'');
CREATE TABLE digest_weeks (
	workbook VARCHAR NOT NULL, 
	unit VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	week VARCHAR NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	message TEXT NOT NULL, 
	PRIMARY KEY (workbook, unit, role, week)
);
INSERT INTO "digest_weeks" VALUES('main','office','office','2021-W08','2021-02-26T00:00:00.000000+00:00','m-digest');
INSERT INTO "digest_weeks" VALUES('main','office','office','2021-W09','2021-02-26T00:00:00.000000+00:00','m-digest');
CREATE TABLE episodes (
	workbook VARCHAR NOT NULL, 
	instance VARCHAR NOT NULL, 
	ordinal INTEGER NOT NULL, 
	due_before VARCHAR(32) NOT NULL, 
	opened VARCHAR(32) NOT NULL, 
	cause TEXT NOT NULL, 
	due_again VARCHAR(32), 
	previous_due VARCHAR(32), 
	PRIMARY KEY (workbook, instance)
);
INSERT INTO "episodes" VALUES('main','TH-MY-LAC/plan',2,'2021-02-24T17:00:00.000000+00:00','2021-02-03T00:00:00.000000+00:00','returned','2021-03-04T17:00:00.000000+00:00','2021-02-23T17:00:00.000000+00:00');
CREATE TABLE holders (
	scope VARCHAR NOT NULL, 
	pid INTEGER NOT NULL, 
	host TEXT NOT NULL, 
	since VARCHAR(32) NOT NULL, 
	PRIMARY KEY (scope)
);
INSERT INTO "holders" VALUES('',4242,'phong-gd','2021-02-26T00:00:00.000000+00:00');
CREATE TABLE judged (
	workbook VARCHAR NOT NULL, 
	instance VARCHAR NOT NULL, 
	status TEXT NOT NULL, 
	since VARCHAR(32) NOT NULL, 
	PRIMARY KEY (workbook, instance)
);
INSERT INTO "judged" VALUES('main','TH-MY-LAC/plan','missing','2021-02-26T00:00:00.000000+00:00');
CREATE TABLE messages (
	workbook VARCHAR NOT NULL, 
	id VARCHAR NOT NULL, 
	unit TEXT NOT NULL, 
	role TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	recipients TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	message_id TEXT NOT NULL, 
	"references" TEXT NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	phase TEXT NOT NULL, 
	detail TEXT NOT NULL, 
	refused TEXT NOT NULL, 
	since VARCHAR(32) NOT NULL, 
	settled_at VARCHAR(32), 
	run INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	PRIMARY KEY (workbook, id), 
	CONSTRAINT message_id_once UNIQUE (workbook, message_id), 
	CONSTRAINT message_phase CHECK (phase IN ('', 'data_sent')), 
	CONSTRAINT phase_while_sending CHECK (phase = '' OR state IN ('sending', 'in_doubt')), 
	CONSTRAINT settled_when CHECK (state NOT IN ('sent', 'in_doubt') OR settled_at IS NOT NULL), 
	CONSTRAINT message_state CHECK (state IN ('queued', 'sending', 'sent', 'deferred', 'failed', 'held', 'in_doubt', 'superseded', 'discarded'))
);
INSERT INTO "messages" VALUES('main','m-sent','TH-MY-LAC','principal','chase','["hieutruong@my-lac.example"]','Đề nghị gửi kế hoạch','<m-sent@automator.example>','<goc@automator.example>','2021-02-26T07:00:00+07:00','sent','','','["khac@my-lac.example"]','2021-02-26T00:00:00.000000+00:00','2021-02-26T00:00:00.000000+00:00',1,0);
INSERT INTO "messages" VALUES('main','m-digest','office','office','digest','["hieutruong@my-lac.example"]','Đề nghị gửi kế hoạch','<m-digest@automator.example>','<goc@automator.example>','2021-02-26T07:00:00+07:00','sent','','','[]','2021-02-26T00:00:00.000000+00:00','2021-02-26T00:00:00.000000+00:00',1,1);
INSERT INTO "messages" VALUES('main','m-deferred','TH-KIEN-BAI','principal','chase','["hieutruong@my-lac.example"]','Đề nghị gửi kế hoạch','<m-deferred@automator.example>','<goc@automator.example>','2021-02-26T07:00:00+07:00','deferred','','450 later','[]','2021-02-26T00:00:00.000000+00:00','2021-02-26T00:00:00.000000+00:00',1,2);
INSERT INTO "messages" VALUES('main','m-doubt','TH-QUANG-THANH','principal','chase','["hieutruong@my-lac.example"]','Đề nghị gửi kế hoạch','<m-doubt@automator.example>','<goc@automator.example>','2021-02-26T07:00:00+07:00','in_doubt','data_sent','the run died before the server''s answer','[]','2021-02-26T00:00:00.000000+00:00','2021-02-26T00:00:00.000000+00:00',1,3);
INSERT INTO "messages" VALUES('main','m-failed','TH-HOA-BINH','principal','chase','["hieutruong@my-lac.example"]','Đề nghị gửi kế hoạch','<m-failed@automator.example>','<goc@automator.example>','2021-02-26T07:00:00+07:00','failed','','','[]','2021-02-26T00:00:00.000000+00:00','2021-02-26T00:00:00.000000+00:00',1,4);
INSERT INTO "messages" VALUES('main','m-held','TH-LUU-KIEM','principal','chase','["hieutruong@my-lac.example"]','Đề nghị gửi kế hoạch','<m-held@automator.example>','<goc@automator.example>','2021-02-26T07:00:00+07:00','held','','first_run','[]','2021-02-26T00:00:00.000000+00:00',NULL,1,5);
INSERT INTO "messages" VALUES('main','m-queued','TH-MY-LAC','principal','urgent','["hieutruong@my-lac.example"]','Đề nghị gửi kế hoạch','<m-queued@automator.example>','<goc@automator.example>','2021-02-26T07:00:00+07:00','queued','','','[]','2021-02-26T00:00:00.000000+00:00',NULL,2,0);
INSERT INTO "messages" VALUES('main','m-old','TH-MY-LAC','principal','chase','["hieutruong@my-lac.example"]','Đề nghị gửi kế hoạch','<m-old@automator.example>','<goc@automator.example>','2021-02-26T07:00:00+07:00','superseded','','','[]','2021-02-26T00:00:00.000000+00:00',NULL,2,7);
INSERT INTO "messages" VALUES('khac','m-sent','TH-MY-LAC','principal','chase','["hieutruong@my-lac.example"]','Đề nghị gửi kế hoạch','<m-sent@automator.example>','<goc@automator.example>','2021-02-26T07:00:00+07:00','sent','','','[]','2021-02-26T00:00:00.000000+00:00','2021-02-26T00:00:00.000000+00:00',3,0);
CREATE TABLE meta (
	name VARCHAR NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "meta" VALUES('schema_version','2');
CREATE TABLE released (
	workbook VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	PRIMARY KEY (workbook, name)
);
INSERT INTO "released" VALUES('main','breaker/plans');
CREATE TABLE runs (
	id INTEGER NOT NULL, 
	workbook VARCHAR NOT NULL, 
	now VARCHAR(32) NOT NULL, 
	kind TEXT NOT NULL, 
	version TEXT NOT NULL, 
	state TEXT NOT NULL, 
	ended_at VARCHAR(32), 
	counts TEXT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT run_state CHECK (state IN ('begun', 'ended')), 
	CONSTRAINT run_ended CHECK ((state = 'ended') = (ended_at IS NOT NULL))
);
INSERT INTO "runs" VALUES(1,'main','2021-02-26T00:00:00.000000+00:00','run','0.1.0','ended','2021-02-26T00:00:00.000000+00:00','{"sent":2}');
INSERT INTO "runs" VALUES(2,'main','2021-02-26T00:10:00.000000+00:00','run','0.1.0','begun',NULL,'{}');
INSERT INTO "runs" VALUES(3,'khac','2021-02-26T00:00:00.000000+00:00','run','0.1.0','begun',NULL,'{}');
CREATE TABLE serials (
	workbook VARCHAR NOT NULL, 
	year INTEGER NOT NULL, 
	given INTEGER NOT NULL, 
	PRIMARY KEY (workbook, year)
);
INSERT INTO "serials" VALUES('main',2021,1);
CREATE TABLE sheets (
	workbook VARCHAR NOT NULL, 
	tab VARCHAR NOT NULL, 
	title TEXT NOT NULL, 
	link TEXT NOT NULL, 
	rows TEXT NOT NULL, 
	PRIMARY KEY (workbook, tab)
);
INSERT INTO "sheets" VALUES('main','plans','Kế hoạch','','[["Trường",1,null,2.5,true]]');
CREATE TABLE sightings (
	workbook VARCHAR NOT NULL, 
	id INTEGER NOT NULL, 
	tab TEXT NOT NULL, 
	"row" INTEGER NOT NULL, 
	school TEXT, 
	cells TEXT NOT NULL, 
	first_seen VARCHAR(32) NOT NULL, 
	observed VARCHAR(32), 
	unseen_until VARCHAR(32), 
	edited_at VARCHAR(32), 
	gone_since VARCHAR(32), 
	gone_settled BOOLEAN NOT NULL, 
	code TEXT, 
	level INTEGER, 
	urgent_since VARCHAR(32), 
	raised BOOLEAN NOT NULL, 
	state_at_first TEXT, 
	changes INTEGER NOT NULL, 
	told_state TEXT NOT NULL, 
	changed_at VARCHAR(32), 
	claims TEXT NOT NULL, 
	level_blank_since VARCHAR(32), 
	result_since VARCHAR(32), 
	PRIMARY KEY (workbook, id)
);
INSERT INTO "sightings" VALUES('main',1,'plans',3,'TH-MY-LAC','[["sent","2021-02-24"],["note","số 07/KH-TH"]]','2021-02-23T00:00:00.000000+00:00','2021-02-24T00:00:00.000000+00:00','2021-02-23T00:00:00.000000+00:00','2021-02-25T00:00:00.000000+00:00',NULL,0,NULL,NULL,NULL,0,NULL,0,'',NULL,'[["2021-02-24","2021-02-23T00:00:00+00:00"]]',NULL,NULL);
INSERT INTO "sightings" VALUES('main',2,'incidents',5,NULL,'[["kind","BLHD"]]','2021-02-26T00:00:00.000000+00:00',NULL,NULL,NULL,NULL,0,'VV-2021-001',2,'2021-02-26T00:00:00.000000+00:00',1,'',1,'2/open','2021-02-26T00:00:00.000000+00:00','[]','2021-02-26T00:00:00.000000+00:00',NULL);
INSERT INTO "sightings" VALUES('main',3,'receipts',2,'MN-BINH-LUC','[["result","đạt"]]','2021-02-26T00:00:00.000000+00:00','2021-02-26T00:00:00.000000+00:00',NULL,NULL,'2021-02-26T00:00:00.000000+00:00',1,NULL,NULL,NULL,0,NULL,0,'',NULL,'[]',NULL,'2021-02-26T00:00:00.000000+00:00');
CREATE TABLE steps (
	workbook VARCHAR NOT NULL, 
	message VARCHAR NOT NULL, 
	unit VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	instance VARCHAR NOT NULL, 
	episode INTEGER NOT NULL, 
	step VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	PRIMARY KEY (workbook, message, unit, role, instance, episode, step), 
	FOREIGN KEY(workbook, message) REFERENCES messages (workbook, id) ON DELETE CASCADE
);
INSERT INTO "steps" VALUES('main','m-sent','TH-MY-LAC','principal','TH-MY-LAC/plan',1,'chase-1',0);
INSERT INTO "steps" VALUES('main','m-deferred','TH-KIEN-BAI','principal','TH-KIEN-BAI/plan',1,'chase-1',0);
INSERT INTO "steps" VALUES('main','m-doubt','TH-QUANG-THANH','principal','TH-QUANG-THANH/plan',1,'chase-1',0);
INSERT INTO "steps" VALUES('main','m-failed','TH-HOA-BINH','principal','TH-HOA-BINH/plan',1,'remind-1',0);
INSERT INTO "steps" VALUES('main','m-held','TH-LUU-KIEM','principal','TH-LUU-KIEM/plan',1,'chase-5',0);
INSERT INTO "steps" VALUES('main','m-queued','TH-MY-LAC','principal','TH-MY-LAC/plan',1,'chase-5',0);
INSERT INTO "steps" VALUES('main','m-old','TH-MY-LAC','principal','TH-MY-LAC/plan',1,'remind-5',0);
INSERT INTO "steps" VALUES('khac','m-sent','TH-MY-LAC','principal','TH-MY-LAC/plan',1,'chase-1',0);
CREATE TABLE tabs (
	workbook VARCHAR NOT NULL, 
	tab VARCHAR NOT NULL, 
	first_good VARCHAR(32), 
	last_good VARCHAR(32), 
	unreadable_since VARCHAR(32), 
	PRIMARY KEY (workbook, tab)
);
INSERT INTO "tabs" VALUES('main','plans','2021-02-26T00:00:00.000000+00:00','2021-02-26T00:00:00.000000+00:00',NULL);
INSERT INTO "tabs" VALUES('main','incidents',NULL,NULL,'2021-02-26T00:00:00.000000+00:00');
CREATE TABLE told (
	workbook VARCHAR NOT NULL, 
	unit VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	instance VARCHAR NOT NULL, 
	episode INTEGER NOT NULL, 
	step VARCHAR NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	message TEXT NOT NULL, 
	bounced BOOLEAN NOT NULL, 
	PRIMARY KEY (workbook, unit, role, instance, episode, step)
);
INSERT INTO "told" VALUES('main','TH-MY-LAC','principal','TH-MY-LAC/plan',1,'chase-1','2021-02-26T00:00:00.000000+00:00','m-sent',0);
INSERT INTO "told" VALUES('khac','TH-MY-LAC','principal','TH-MY-LAC/plan',1,'chase-1','2021-02-26T00:00:00.000000+00:00','m-sent',0);
CREATE TABLE weeks (
	workbook VARCHAR NOT NULL, 
	message VARCHAR NOT NULL, 
	week VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	PRIMARY KEY (workbook, message, week), 
	FOREIGN KEY(workbook, message) REFERENCES messages (workbook, id) ON DELETE CASCADE
);
INSERT INTO "weeks" VALUES('main','m-digest','2021-W08',0);
INSERT INTO "weeks" VALUES('main','m-digest','2021-W09',1);
CREATE TABLE workbooks (
	workbook VARCHAR NOT NULL, 
	started VARCHAR(32), 
	last_run VARCHAR(32), 
	next_sighting INTEGER NOT NULL, 
	armed BOOLEAN NOT NULL, 
	PRIMARY KEY (workbook)
);
INSERT INTO "workbooks" VALUES('main','2021-02-03T00:00:00.000000+00:00','2021-02-26T00:00:00.000000+00:00',4,1);
INSERT INTO "workbooks" VALUES('khac',NULL,NULL,1,1);
CREATE INDEX runs_of_workbook ON runs (workbook, id);
CREATE UNIQUE INDEX decisions_once ON decisions (workbook, kind, scope, obligation, period, first_day, last_day, until) WHERE revoked_at IS NULL;
CREATE INDEX messages_by_run ON messages (workbook, run);
CREATE INDEX messages_by_state ON messages (workbook, state, settled_at);
CREATE INDEX steps_by_key ON steps (workbook, unit, role, instance, episode, step);
COMMIT;
