"""Who is told: units, their addresses by role, and how a mail addresses them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from automator.core.directive import LOCAL_AUTHORITIES, Directive, Unit
from automator.core.register import School
from automator.core.schools import full_school_name, place_name


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The units and schools of one day. `units` by id; `communes` in Vietnamese config order.

    Schools have the names and addresses of the day; `former` units are not valid on it.

    `open_schools` are those open on the day by commune, in the order of the roster.
    """

    schools: Mapping[str, School]
    units: Mapping[str, Unit]
    office: str
    communes: tuple[str, ...]
    police: tuple[str, ...]
    day: date
    open_schools: Mapping[str, tuple[School, ...]]
    former: Mapping[str, Unit] = field(default_factory=dict)

    def recipients(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """Return the addresses by (unit, role)."""
        found: dict[tuple[str, str], tuple[str, ...]] = {
            (s.code, "principal"): s.emails for s in self.schools.values()
        }
        for unit in self.units.values():
            if unit.kind in LOCAL_AUTHORITIES:
                found[unit.id, "commune"] = unit.emails
            elif unit.kind == "police":
                found[unit.id, "police"] = unit.emails
            elif unit.kind == "office":
                found[unit.id, "office"] = unit.emails
                found[unit.id, "leader"] = unit.leader_emails or unit.emails
                found[unit.id, "duty"] = unit.duty_emails or unit.emails
                found[unit.id, "operator"] = unit.operator_emails or unit.emails
        return found

    def unit_name(self, unit: str) -> str:
        """Return the full official name of a unit or school."""
        if unit in self.schools:
            return full_school_name(self.schools[unit].name)
        found = self.units.get(unit) or self.former.get(unit)
        return authority_name(found) if found else unit

    def commune_name(self, unit: str | None) -> str:
        """Return the place of a local authority ("xã Mỹ Lạc"), "" where there is none."""
        return place_name(self.unit_name(unit)) if unit else ""

    def addressee(self, unit: str, role: str) -> str:
        """Return what stands behind "Kính gửi:"."""
        name = self.unit_name(unit)
        if role == "principal" and unit in self.schools:
            return f"{self.schools[unit].recipient_title} {name}"
        if role == "leader":
            return f"Lãnh đạo {name}"
        if role == "duty":
            return f"Bộ phận trực, {name}"
        if role == "operator":
            return f"Người vận hành hệ thống, {name}"
        return name

    def schools_of(self, commune: str | None) -> tuple[School, ...]:
        """Return the schools open on the day, of one commune or (None) of all."""
        if commune is not None:
            return self.open_schools.get(commune, ())
        return tuple(s for s in self.schools.values() if s.open_on(self.day))


def authority_name(unit: Unit) -> str:
    """Return a unit's official name; a local authority is the committee, not the place."""
    if unit.kind in LOCAL_AUTHORITIES and not unit.name.lower().startswith(("ủy ban", "ubnd")):
        return f"Ủy ban nhân dân {unit.name[:1].lower()}{unit.name[1:]}"
    return unit.name


def people(directive: Directive, schools: Mapping[str, School], day: date) -> People:
    """Return who is there on `day`; a unit id that was reused means the one valid then."""
    units = _valid(directive.units, day)
    schools = {code: school.on(day) for code, school in schools.items()}
    open_schools: dict[str, list[School]] = {}
    for school in schools.values():
        commune = school.commune_on(day)
        if commune is not None:
            open_schools.setdefault(commune, []).append(school)
    return People(
        schools=schools,
        units=units,
        office=next((u.id for u in units.values() if u.kind == "office"), "office"),
        communes=tuple(u.id for u in units.values() if u.kind in LOCAL_AUTHORITIES),
        police=tuple(u.id for u in units.values() if u.kind == "police"),
        day=day,
        open_schools={commune: tuple(found) for commune, found in open_schools.items()},
        former={u.id: u for u in directive.units if u.id not in units},
    )


def _valid(units: Sequence[Unit], day: date) -> dict[str, Unit]:
    return {u.id: u for u in units if u.valid_on(day)}
