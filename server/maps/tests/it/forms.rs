//! Every form in which cells may be stored.

use std::io::Write as _;

use base64::Engine as _;
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};

use super::made::{Made, cells};

/// Bytes in base64, compressed before.
pub fn packed(compression: &str, bytes: &[u8]) -> String {
    let packed = match compression {
        "zlib" => {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory")
        }
        "gzip" => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory")
        }
        "zstd" => ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest),
        _ => bytes.to_vec(),
    };
    base64::engine::general_purpose::STANDARD.encode(packed)
}

#[test]
fn cells_are_read_in_every_form() {
    let wanted: Vec<u32> = (0..16).map(|cell| (cell % 3) | if cell == 7 { 0xa000_0000 } else { 0 }).collect();
    let bytes: Vec<u8> = wanted.iter().flat_map(|cell| cell.to_le_bytes()).collect();
    let csv = wanted.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
    let mut forms = vec![
        format!("<data encoding=\"csv\">\n{csv}\n</data>"),
        format!("<data encoding=\"csv\">{csv},</data>"),
        format!("<data encoding=\"csv\"><![CDATA[{csv}]]></data>"),
        format!("<data>{}</data>", wanted.iter().map(|cell| format!("<tile gid=\"{cell}\"/>")).collect::<String>()),
        format!(
            "<data>{}</data>",
            wanted.iter().map(|cell| format!("\n<tile gid=\"{cell}\"></tile>")).collect::<String>()
        ),
    ];
    for compression in ["", "zlib", "gzip", "zstd"] {
        let text = packed(compression, &bytes);
        let (one, other) = text.split_at(10);
        forms.push(format!("<data encoding=\"base64\" compression=\"{compression}\">\n  {one}\n{other} </data>"));
    }
    for form in forms {
        assert_eq!(cells(&Made::data(&form).read().fine().layers[0]), wanted, "{form}");
    }
    // A tile element without an id is nothing.
    let nothing = format!("<data>{}</data>", "<tile/>".repeat(16));
    assert_eq!(cells(&Made::data(&nothing).read().fine().layers[0]), [0; 16]);
}
