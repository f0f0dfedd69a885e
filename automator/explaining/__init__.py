"""The reasoning behind one finding, in lines that answer a principal's phone call.

The operator reads English; what the school was or would be told stands in its own words.
No line holds free text, a number of a document or an address in full.
"""

from automator.explaining.document import as_json
from automator.explaining.which import find
from automator.explaining.whole import lines
from automator.explaining.why_silent import WHY_SILENT

__all__ = ["WHY_SILENT", "as_json", "find", "lines"]
