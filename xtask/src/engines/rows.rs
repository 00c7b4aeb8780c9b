//! The rows of an answer: text, or nothing where the engine has a null.

/// The rows of one statement.
pub(crate) type Rows = Vec<Vec<Option<String>>>;

/// Complaints about a row with the number of points and of their keys: both have to be `expected`.
pub(crate) fn point_complaints(rows: &Rows, expected: usize, engine: &str) -> Vec<String> {
    let wanted = Some(expected.to_string());
    match rows.as_slice() {
        [row] if *row == [wanted.clone(), wanted] => Vec::new(),
        _ => vec![format!("points and keys: ark-usage has {expected} of each, {engine} {rows:?}")],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_and_keys_are_as_many_as_expected() {
        let row =
            |points: &str, keys: &str| vec![vec![Some(points.to_owned()), Some(keys.to_owned())]];
        assert!(point_complaints(&row("5", "5"), 5, "Engine").is_empty());
        for wrong in [row("6", "5"), row("6", "6"), Vec::new()] {
            assert_eq!(point_complaints(&wrong, 5, "Engine").len(), 1, "{wrong:?}");
        }
    }
}
