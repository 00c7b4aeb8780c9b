//! The encodings of Parquet that files here use: runs beside packed bits, differences, and shared beginnings.

/// The values of a block of differences, and of one of its four parts.
const BLOCK: usize = 128;
const PART: usize = 32;

/// Writes an integer in as few bytes as it takes, seven bits each.
pub(super) fn varint(out: &mut Vec<u8>, mut value: u64) {
    loop {
        let [low, ..] = value.to_le_bytes();
        value >>= 7;
        if value == 0 {
            return out.push(low & 0x7f);
        }
        out.push(low | 0x80);
    }
}

/// Writes an integer with a sign, small ones in few bytes.
pub(super) fn zigzag(out: &mut Vec<u8>, value: i64) {
    varint(out, ((value << 1) ^ (value >> 63)).cast_unsigned());
}

/// Returns the number of bits that hold a value.
pub(super) fn width(value: u64) -> u8 {
    u8::try_from(u64::BITS - value.leading_zeros()).unwrap_or(64)
}

/// Writes values of `width` bits: equal ones as a run, others packed by eights.
pub(super) fn runs(out: &mut Vec<u8>, values: &[u32], width: u8) {
    let mut rest = values;
    // The values of `rest` that are to be packed.
    let mut packed = 0;
    while let Some(first) = rest.get(packed) {
        let equal = rest.iter().skip(packed).take_while(|value| *value == first).count();
        let filling = packed.next_multiple_of(8) - packed;
        if equal < filling + 8 {
            packed += equal;
            continue;
        }
        let (literal, after) = rest.split_at(packed + filling);
        pack_eights(out, literal, width);
        let run = equal - filling;
        varint(out, (run as u64) << 1);
        out.extend(first.to_le_bytes().iter().take(usize::from(width).div_ceil(8)));
        rest = after.get(run..).unwrap_or_default();
        packed = 0;
    }
    pack_eights(out, rest, width);
}

fn pack_eights(out: &mut Vec<u8>, values: &[u32], width: u8) {
    if !values.is_empty() {
        varint(out, ((values.len().div_ceil(8) as u64) << 1) | 1);
        pack(out, values.iter().map(|value| u64::from(*value)), width, 8);
    }
}

/// Packs values of `width` bits, and zeros up to a multiple of `multiple` values, which is one of eight.
fn pack(out: &mut Vec<u8>, values: impl Iterator<Item = u64>, width: u8, multiple: usize) {
    let (mut pending, mut bits, mut count) = (0_u128, 0, 0_usize);
    let mut add = |value: u64| {
        pending |= u128::from(value) << bits;
        bits += width;
        while bits >= 8 {
            let [low, ..] = pending.to_le_bytes();
            out.push(low);
            pending >>= 8;
            bits -= 8;
        }
    };
    for value in values {
        add(value);
        count += 1;
    }
    for _ in count..count.next_multiple_of(multiple) {
        add(0);
    }
}

/// Writes integers as their differences (`DELTA_BINARY_PACKED`).
pub(super) fn differences(out: &mut Vec<u8>, values: &[i64]) {
    varint(out, BLOCK as u64);
    varint(out, (BLOCK / PART) as u64);
    varint(out, values.len() as u64);
    zigzag(out, values.first().copied().unwrap_or_default());
    let after = values.iter().skip(1);
    // They wrap, and so do readers when they add them up.
    let steps: Vec<i64> =
        after.zip(values).map(|(value, before)| value.wrapping_sub(*before)).collect();
    for block in steps.chunks(BLOCK) {
        let least = block.iter().min().copied().unwrap_or_default();
        zigzag(out, least);
        let above = |step: &i64| step.wrapping_sub(least).cast_unsigned();
        let parts = || block.chunks(PART);
        let widths: Vec<u8> =
            parts().map(|part| width(part.iter().map(above).max().unwrap_or_default())).collect();
        out.extend(&widths);
        out.extend(std::iter::repeat_n(0, BLOCK / PART - widths.len()));
        for (part, width) in parts().zip(widths) {
            pack(out, part.iter().map(above), width, PART);
        }
    }
}

/// Writes texts as what each shares with the one before, and the rest (`DELTA_BYTE_ARRAY`).
pub(super) fn shared_beginnings<'t>(out: &mut Vec<u8>, texts: impl Iterator<Item = &'t str>) {
    let (mut shared, mut lengths, mut rests) = (Vec::new(), Vec::new(), Vec::new());
    let mut last = "";
    for text in texts {
        let same = text.bytes().zip(last.bytes()).take_while(|(one, other)| one == other).count();
        let rest = text.as_bytes().get(same..).unwrap_or_default();
        shared.push(i64::try_from(same).unwrap_or(i64::MAX));
        lengths.push(i64::try_from(rest.len()).unwrap_or(i64::MAX));
        rests.extend(rest);
        last = text;
    }
    differences(out, &shared);
    differences(out, &lengths);
    out.append(&mut rests);
}
