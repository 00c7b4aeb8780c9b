//! Formats in which a row is a line, so that rows can be written as they arrive.

use ark_usage_report::ReportError;
use ark_usage_report::range::Range;
use ark_usage_report::view::{Fields, ViewRow};
use volc_openapi::Site;

/// Formats in which a row is a line.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum RowFormat {
    /// RFC 4180, with a byte order mark or without, and with the names of its columns or without.
    Csv {
        /// With a byte order mark.
        bom: bool,
        /// With the names of the columns in the first line.
        header: bool,
    },
    /// A JSON object per line.
    Ndjson,
    /// With the columns of FOCUS.
    Focus {
        /// The site that the usage is of.
        site: &'static Site,
        /// With a byte order mark.
        bom: bool,
        /// With the names of the columns in the first line.
        header: bool,
    },
}

impl RowFormat {
    /// Returns true if rows can be written as they arrive: no column depends on later ones. Without `fields`,
    /// the columns of CSV do, because those that are empty in every row are left out; a share always does.
    pub fn streams(self, fields: Option<&Fields>) -> bool {
        match (self, fields) {
            (Self::Focus { .. }, _) | (Self::Ndjson, None) => true,
            (Self::Csv { .. }, None) => false,
            (Self::Csv { .. } | Self::Ndjson, Some(fields)) => !fields.need_the_whole(),
        }
    }

    /// Returns the bytes before these rows; where they [stream](Self::streams), of any.
    pub fn header(
        self,
        range: &Range,
        rows: &[ViewRow],
        fields: Option<&Fields>,
    ) -> Result<Vec<u8>, ReportError> {
        match self {
            Self::Csv { bom, header } => crate::csv_header(range, rows, bom, header, fields),
            Self::Focus { bom, header, .. } => crate::focus_header(bom, header),
            Self::Ndjson => Ok(Vec::new()),
        }
    }

    /// The lines of rows.
    pub fn lines(
        self,
        range: &Range,
        rows: &[ViewRow],
        fields: Option<&Fields>,
    ) -> Result<Vec<u8>, ReportError> {
        match self {
            Self::Csv { .. } => crate::csv(range, rows, fields),
            Self::Focus { site, .. } => crate::focus(range, rows, site),
            Self::Ndjson => crate::ndjson(range, rows, fields),
        }
    }
}
