"""What appraisals offer to the trail: the rows themselves and every fact they rest on."""

from heli.audit.types import Witness

WITNESSES = (Witness("appraisal.Appraisal"), Witness("appraisal.AppraisalFact"))
