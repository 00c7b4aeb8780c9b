//! What is written is read again by the library.

use super::*;
use parquet::basic::{Encoding, LogicalType, TimeUnit};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::file::statistics::Statistics;
use parquet::record::{Field, RowAccessor as _};
use proptest::prelude::*;

const COLUMNS: [ParquetColumn; 3] = [
    ParquetColumn { name: "start", kind: ColumnKind::Time },
    ParquetColumn { name: "project", kind: ColumnKind::Text },
    ParquetColumn { name: "value", kind: ColumnKind::Integer },
];

fn read(file: Vec<u8>) -> SerializedFileReader<bytes::Bytes> {
    SerializedFileReader::new(bytes::Bytes::from(file)).unwrap()
}

#[test]
fn texts_times_and_the_largest_numbers_are_kept_and_null_stays_null() {
    let mut writer = ParquetWriter::new(Vec::new(), &COLUMNS).unwrap();
    let text = |text: &'static str| CellValue::Text(Cow::Borrowed(text));
    writer
        .row([CellValue::Time(1_731_945_600), text("检索"), CellValue::Integer(i64::MAX)])
        .unwrap();
    writer.row([CellValue::Time(0), CellValue::Null, CellValue::Integer(0)]).unwrap();
    writer.row([CellValue::Null, text(""), CellValue::Null]).unwrap();
    let reader = read(writer.finish().unwrap());
    let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0].get_timestamp_micros(0).unwrap(), 1_731_945_600_000_000);
    assert_eq!(rows[0].get_string(1).unwrap(), "检索");
    assert_eq!(rows[0].get_long(2).unwrap(), i64::MAX);
    let is_null = |row: usize, column| {
        matches!(rows[row].get_column_iter().nth(column), Some((_, Field::Null)))
    };
    assert!(is_null(1, 1) && is_null(2, 0) && is_null(2, 2));
    assert_eq!((rows[1].get_long(2).unwrap(), rows[2].get_string(1).unwrap().as_str()), (0, ""));
}

#[test]
fn a_point_takes_less_than_six_bytes_and_groups_are_bounded() {
    let mut writer = ParquetWriter::new(Vec::new(), &COLUMNS).unwrap();
    let (mut count, mut random) = (0, volc_openapi::SplitMix64::new(7));
    for endpoint in 0..40 {
        for hour in 0..8_760 {
            let value = i64::try_from(random.next_u64() % 20_000_000).unwrap();
            let project = CellValue::Text(format!("ep-20241119{endpoint:06}-abcde").into());
            let start = CellValue::Time(1_704_067_200 + hour * 3_600);
            writer.row([start, project, CellValue::Integer(value)]).unwrap();
            count += 1;
        }
    }
    let file = writer.finish().unwrap();
    assert!(file.len() < count * 6, "{} bytes a point", file.len() / count);
    let reader = read(file);
    assert_eq!(reader.num_row_groups(), 3);
    let rows = reader.metadata().file_metadata().num_rows();
    assert_eq!(usize::try_from(rows).unwrap(), count);
}

#[test]
fn names_of_columns_are_those_of_rows_and_each_is_there_once() {
    let columns = parquet_columns();
    let names: std::collections::BTreeSet<_> = columns.iter().map(|column| column.name).collect();
    assert_eq!(names.len(), columns.len());
    let every = ROW_FIELDS.iter().map(|field| field.name);
    assert!(every.filter(|name| !TIMES_AGAIN.contains(name)).all(|name| names.contains(name)));
    assert!(names.contains(CURRENCY));
    let times = ROW_FIELDS.iter().filter(|field| field.kind == FieldKind::Time);
    assert_eq!(times.map(|field| field.name).collect::<Vec<_>>(), ["start", "end", "fetched_at"]);
}

/// Returns the rows of a file: a text and a number each.
fn pairs(reader: &SerializedFileReader<bytes::Bytes>) -> Vec<(Option<String>, Option<i64>)> {
    let row = |row: parquet::record::Row| {
        let mut fields = row.get_column_iter().map(|(_, field)| field.clone());
        let text = match fields.next().unwrap() {
            Field::Str(text) => Some(text),
            Field::Null => None,
            other => panic!("{other:?}"),
        };
        let number = match fields.next().unwrap() {
            Field::Long(number) => Some(number),
            Field::Null => None,
            other => panic!("{other:?}"),
        };
        (text, number)
    };
    reader.get_row_iter(None).unwrap().map(|read| row(read.unwrap())).collect()
}

fn written(rows: &[(Option<String>, Option<i64>)]) -> SerializedFileReader<bytes::Bytes> {
    let mut writer = ParquetWriter::new(Vec::new(), &COLUMNS[1..]).unwrap();
    for (text, number) in rows {
        let text = text.as_deref().map_or(CellValue::Null, |text| CellValue::Text(text.into()));
        writer.row([text, number.map_or(CellValue::Null, CellValue::Integer)]).unwrap();
    }
    read(writer.finish().unwrap())
}

/// Returns the bounds that readers skip groups by.
fn bounds(
    reader: &SerializedFileReader<bytes::Bytes>,
    column: usize,
) -> Option<(Vec<u8>, Vec<u8>)> {
    let chunk = reader.metadata().row_group(0).column(column).clone();
    let statistics: &Statistics = chunk.statistics().unwrap();
    let bytes = |bytes: Option<&[u8]>| bytes.map(<[u8]>::to_vec);
    bytes(statistics.min_bytes_opt()).zip(bytes(statistics.max_bytes_opt()))
}

/// Stretches of equal values, of null and of any value, which the encodings keep in different ways.
fn stretches<T: Clone + std::fmt::Debug>(
    any: impl Strategy<Value = T>,
) -> impl Strategy<Value = Vec<Option<T>>> {
    let stretch = (proptest::option::weighted(0.8, any), 1_usize..40);
    proptest::collection::vec(stretch, 0..60).prop_map(|stretches| {
        stretches.into_iter().flat_map(|(value, times)| std::iter::repeat_n(value, times)).collect()
    })
}

proptest! {
    #[test]
    fn any_rows_are_read_again(
        texts in stretches("[a-c密\0]{0,6}"),
        numbers in stretches(prop_oneof![any::<i64>(), 0_i64..9, Just(i64::MIN), Just(i64::MAX)]),
    ) {
        let count = texts.len().max(numbers.len());
        let at = |place: usize| {
            (texts.get(place).cloned().flatten(), numbers.get(place).copied().flatten())
        };
        let rows: Vec<_> = (0..count).map(at).collect();
        let reader = written(&rows);
        prop_assert_eq!(pairs(&reader), rows.clone());
        if count > 0 {
            let numbers = || rows.iter().filter_map(|(_, number)| *number);
            let of_numbers = numbers().min().zip(numbers().max());
            let of_numbers = of_numbers.map(|(min, max)| {
                (min.to_le_bytes().to_vec(), max.to_le_bytes().to_vec())
            });
            prop_assert_eq!(bounds(&reader, 1), of_numbers);
            let texts = || rows.iter().filter_map(|(text, _)| text.clone().map(String::into_bytes));
            prop_assert_eq!(bounds(&reader, 0), texts().min().zip(texts().max()));
            let nulls = rows.iter().filter(|(text, _)| text.is_none()).count();
            let column = reader.metadata().row_group(0).column(0).clone();
            prop_assert_eq!(column.statistics().unwrap().null_count_opt(), Some(nulls as u64));
        }
    }
}

#[test]
fn texts_that_differ_share_their_beginnings_instead_of_a_dictionary() {
    let rows: Vec<_> = (0..60_000_i64)
        .map(|row| (Some(format!("project-{row:08}-of-many-{}", row % 7)), Some(row * row)))
        .collect();
    let reader = written(&rows);
    assert!(pairs(&reader) == rows);
    let encodings =
        |column| reader.metadata().row_group(0).column(column).encodings().collect::<Vec<_>>();
    assert!(encodings(0).contains(&Encoding::DELTA_BYTE_ARRAY));
    assert!(!encodings(0).contains(&Encoding::RLE_DICTIONARY));
    assert!(encodings(1).contains(&Encoding::DELTA_BINARY_PACKED));
    let long = vec![(Some("x".repeat(65)), None)];
    let reader = written(&long);
    assert_eq!((pairs(&reader), bounds(&reader, 0), bounds(&reader, 1)), (long, None, None));
}

#[test]
fn the_schema_names_types_and_the_program() {
    let writer = ParquetWriter::new(Vec::new(), &COLUMNS).unwrap();
    let reader = read(writer.finish().unwrap());
    let file = reader.metadata().file_metadata().clone();
    assert_eq!((file.num_rows(), file.version(), reader.num_row_groups()), (0, 2, 0));
    assert!(file.created_by().unwrap().starts_with("ark-usage version "));
    let types: Vec<_> =
        file.schema_descr().columns().iter().map(|it| it.logical_type_ref().cloned()).collect();
    let time = LogicalType::timestamp(true, TimeUnit::MICROS);
    assert_eq!(types, [Some(time), Some(LogicalType::String), None]);
    assert!(file.column_orders().is_some());
}
