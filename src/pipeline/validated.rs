//! Some workbooks between being read and being written: their readings, validated side by side.

use rayon::prelude::*;

use super::records;
use crate::finding::Finding;
use crate::ingest::{Collection, IngestError, Reading, Submission};
use crate::store::{StoreError, TableWriter};
use crate::survey::Survey;
use crate::validate::{self, Response};

/// Workbooks with what validation came to.
pub(super) struct Validated<'a> {
    submissions: &'a [&'a Submission],
    readings: Vec<Reading>,
    responses: Vec<(Vec<Response>, Vec<Finding>)>,
}

impl<'a> Validated<'a> {
    /// Takes the readings of workbooks and validates them.
    pub(super) fn of(
        survey: &Survey,
        collection: &mut Collection,
        submissions: &'a [&'a Submission],
    ) -> Result<Validated<'a>, IngestError> {
        let readings = collection.readings(submissions)?;
        let both = submissions.par_iter().zip(&readings);
        let responses =
            both.map(|(submission, reading)| validate::validate(survey, &submission.file, reading)).collect();
        Ok(Validated { submissions, readings, responses })
    }

    /// Writes the lines, and adds what was noticed; gives the number of lines.
    pub(super) fn write(
        self,
        survey: &Survey,
        findings: &mut Vec<Finding>,
        writer: &mut TableWriter,
    ) -> Result<usize, StoreError> {
        let mut count = 0;
        let each = self.submissions.iter().zip(&self.readings).zip(self.responses);
        for ((submission, reading), (lines, noticed)) in each {
            findings.extend(noticed);
            count += lines.len();
            records::write_responses(survey, submission, reading, &lines, writer)?;
        }
        Ok(count)
    }
}
