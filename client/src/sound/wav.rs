//! Reads .wav files: samples of 8 or 16 bits, of one or two channels. Other files of music are for
//! the browser, which brings what they need.

use std::sync::Arc;

/// Fastest and slowest samples taken, a second.
const RATES_HZ: std::ops::RangeInclusive<u32> = 8_000..=96_000;

/// The samples of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wav {
    pub rate_hz: u32,
    pub channels: u16,
    bits: u16,
    file: Arc<[u8]>,
    /// First byte of the samples, and the one behind them.
    data: (usize, usize),
}

impl Wav {
    /// `None` for any other file, and for one without a sample.
    #[must_use]
    pub fn read(file: &Arc<[u8]>) -> Option<Self> {
        if file.get(..4)? != b"RIFF" || file.get(8..12)? != b"WAVE" {
            return None;
        }
        let (mut at, mut format) = (12, None);
        loop {
            let (name, length) = (file.get(at..at + 4)?, number(file, at + 4)?);
            let (from, end) = (at + 8, (at + 8).checked_add(length as usize)?.min(file.len()));
            match (name, format) {
                (b"fmt ", _) => {
                    let (kind, channels) = (short(file, from)?, short(file, from + 2)?);
                    let (rate_hz, bits) = (number(file, from + 4)?, short(file, from + 14)?);
                    let is_known = kind == 1 && [1, 2].contains(&channels) && [8, 16].contains(&bits);
                    format = (is_known && RATES_HZ.contains(&rate_hz)).then_some((rate_hz, channels, bits));
                    format?;
                }
                (b"data", Some((rate_hz, channels, bits))) => {
                    let frame = usize::from(channels * (bits / 8));
                    let data = (from, from + (end.saturating_sub(from)) / frame * frame);
                    return (data.1 > data.0).then(|| Self { rate_hz, channels, bits, file: file.clone(), data });
                }
                _ => {}
            }
            // What has an odd length is followed by a byte that is nothing.
            at = end + (length as usize & 1);
        }
    }

    /// How many samples there are, those of all channels.
    #[must_use]
    pub fn count(&self) -> usize {
        (self.data.1 - self.data.0) / usize::from(self.bits / 8)
    }

    /// One of them; the first follows the last.
    #[must_use]
    pub fn sample(&self, index: usize) -> i16 {
        let index = index % self.count();
        if self.bits == 8 {
            let byte = self.file.get(self.data.0 + index).copied().unwrap_or(128);
            (i16::from(byte) - 128) << 8
        } else {
            short(&self.file, self.data.0 + index * 2).map_or(0, |bits| bits as i16)
        }
    }
}

fn short(file: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(file.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn number(file: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(file.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wav(channels: u16, bits: u16, data: &[u8]) -> Vec<u8> {
        let mut file = b"RIFF\0\0\0\0WAVELIST\x03\0\0\0abc\0fmt \x10\0\0\0\x01\0".to_vec();
        file.extend(channels.to_le_bytes());
        file.extend(22_050_u32.to_le_bytes());
        file.extend([0; 6]);
        file.extend(bits.to_le_bytes());
        file.extend(b"data");
        file.extend((data.len() as u32).to_le_bytes());
        file.extend(data);
        file
    }

    fn read(file: &[u8]) -> Option<Wav> {
        Wav::read(&Arc::from(file))
    }

    #[test]
    fn samples_of_both_widths_are_read_over_and_over() {
        let wide = read(&wav(2, 16, &[1, 0, 0xff, 0xff, 0, 0x80, 0xff, 0x7f, 9])).expect("a sound");
        assert_eq!((wide.rate_hz, wide.channels, wide.count()), (22_050, 2, 4));
        assert_eq!([0, 1, 2, 3, 4].map(|index| wide.sample(index)), [1, -1, i16::MIN, i16::MAX, 1]);
        let narrow = read(&wav(1, 8, &[0, 128, 255])).expect("a sound");
        assert_eq!([0, 1, 2, 3].map(|index| narrow.sample(index)), [-32_768, 0, 32_512, -32_768]);
    }

    #[test]
    fn other_files_and_cut_ones_are_none() {
        let whole = wav(1, 16, &[1, 0, 2, 0]);
        assert!(
            read(b"OggS").is_none() && read(&wav(1, 24, &[0; 6])).is_none() && read(&wav(3, 16, &[0; 6])).is_none()
        );
        assert!(read(&wav(1, 16, &[])).is_none(), "nothing to be heard");
        for length in 0..whole.len() - 3 {
            assert!(read(&whole[..length]).is_none(), "{length} bytes of {}", whole.len());
        }
        let mut endless = whole;
        let at = endless.len() - 8;
        endless[at..at + 4].copy_from_slice(&[0xff; 4]);
        assert_eq!(read(&endless).map(|wav| wav.count()), Some(2), "it claims more than there is");
    }
}
