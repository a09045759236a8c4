//! Files that are made to need more memory or time than a map may take.

use std::path::PathBuf;
use std::process::Command;

use super::drawings::png;
use super::forms::packed;
use super::made::{GROUND, Made, TILESET};

/// Set for the process that reads the files and says how much memory it took.
const MEASURED: &str = "TILEMUD_MAPS_MEASURED";
/// Most memory that reading one map may take, KiB.
const MEMORY_MAX_KIB: u64 = 256 << 10;
/// About the largest file there may be, bytes.
const LARGE: usize = 63 << 20;
/// One whose elements are already too many, bytes.
const MANY: usize = 12 << 20;
/// One whose elements are few enough, bytes.
const FEW: usize = 2 << 20;

fn filled(len: usize, before: &str, repeated: &str, after: &str) -> String {
    let times = len.saturating_sub(before.len() + after.len()) / repeated.len();
    [before, &repeated.repeat(times), after].concat()
}

fn map(len: usize, inside: &str, repeated: &str, after: &str) -> Made {
    let head =
        "<map width=\"4\" height=\"4\" tilewidth=\"16\" tileheight=\"16\"><tileset firstgid=\"1\" source=\"t.tsx\"/>";
    Made::default()
        .and("w/t.tsx", TILESET)
        .and("w/map.tmx", filled(len, &format!("{head}{inside}"), repeated, &format!("{after}</map>")))
}

/// The evil maps by name; each is refused or read, as it may be.
fn evil(name: &str) -> Made {
    let tile = "<tile id=\"1\"><properties><property name=\"long\" value=\"";
    let large_tile = || {
        filled(
            MANY,
            &format!("<tileset name=\"t\" tilewidth=\"16\" tileheight=\"16\">{tile}"),
            "x",
            "\"/></properties></tile></tileset>",
        )
    };
    match name {
        "elements" => map(MANY, "", "<a/>", ""),
        "attributes" => map(MANY, "", "<a b=\"\" c=\"\" d=\"\" e=\"\"/>", ""),
        "objects" => map(MANY, "<objectgroup>", "<object id=\"1\" x=\"1\" y=\"1\"/>", "</objectgroup>"),
        "inherited" => map(FEW, "<objectgroup>", "<object gid=\"2\"/>", "</objectgroup>").and("w/t.tsx", large_tile()),
        "templates" => map(FEW, "<objectgroup>", "<object template=\"a\"/>", "</objectgroup>")
            .and("w/a", "<template><object gid=\"2\" name=\"a\" type=\"b\"><properties><property name=\"p\" value=\"v\"/></properties></object></template>"),
        "cells" => map(MANY, "<layer name=\"a\" width=\"4096\" height=\"4096\"><data>", "<tile/>", "</data></layer>"),
        "csv" => map(LARGE, "<layer name=\"a\" width=\"4096\" height=\"4096\"><data encoding=\"csv\">", "0,", "0</data></layer>"),
        "layers" => map(MANY, "", "<layer name=\"a\" width=\"4000\" height=\"4000\"><data/></layer>", ""),
        "bombs" => {
            let bomb = packed("zlib", &vec![0; 64 << 20]);
            let layer = format!("<layer name=\"a\" width=\"4096\" height=\"4096\"><data encoding=\"base64\" compression=\"zlib\">{bomb}</data></layer>");
            Made::map(&layer.repeat(20))
        }
        "zstd" => {
            // A frame whose window is a gigabyte, and then nothing.
            let frame = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 20 << 3, 0x01, 0x00, 0x00];
            let text = packed("", &frame);
            Made::data(&format!("<data encoding=\"base64\" compression=\"zstd\">{text}</data>"))
        }
        "groups" => map(FEW, &format!("<group name=\"{}\">", "g".repeat(1 << 20)), "<layer name=\"a\"><data/></layer>", "</group>"),
        "tilesets" => map(MANY, "", "<tileset firstgid=\"7\" source=\"t.tsx\"/>", ""),
        "problems" => map(FEW, "<objectgroup>", "<object x=\"a\" y=\"b\"/>", "</objectgroup>"),
        "text" => map(MANY, "<objectgroup><object><text>", "&amp;", "</text></object></objectgroup>"),
        "points" => map(MANY, "<objectgroup><object><polygon points=\"", "0,0 ", "\"/></object></objectgroup>"),
        "json" => Made::default().and("w/map.tmx", filled(MANY, "{\"layers\":[", "{},", "{}]}")),
        "json_cells" => Made::default().and("w/map.tmx", filled(MANY, "{\"width\":4,\"height\":4,\"tilewidth\":1,\"tileheight\":1,\"layers\":[{\"type\":\"tilelayer\",\"data\":[", "0,", "0]}]}")),
        "json_lists" => Made::default().and("w/map.tmx", filled(MANY, "{\"layers\":[", "[],", "[]]}")),
        "utf_16" => {
            let text = filled(LARGE, "<map>", "é", "</map>");
            let units = "\u{feff}".encode_utf16().chain(text.encode_utf16().take(LARGE / 2 - 1));
            Made::default().and("w/map.tmx", units.flat_map(u16::to_le_bytes).collect::<Vec<u8>>())
        }
        "two_files" => {
            let map = "<map width=\"4\" height=\"4\" tilewidth=\"16\" tileheight=\"16\"><tileset firstgid=\"1\" source=\"t.tsx\"/><!--";
            let set = "<tileset name=\"t\" tilewidth=\"16\" tileheight=\"16\">";
            Made::default()
                .and("w/map.tmx", filled(LARGE, map, "x", &format!("-->{GROUND}</map>")))
                .and("w/t.tsx", filled(LARGE, set, "<tile id=\"1\"/>", "</tileset>"))
        }
        "names" => {
            let name = "n".repeat(LARGE / 2);
            map(FEW, &format!("<{name}></{name}o>"), "<a/>", "")
        }
        other => panic!("no map is called {other}"),
    }
}

/// Maps that are read and made worlds of, as large as they can be, by name.
fn large(name: &str) -> Made {
    let noise = |seed: u32| seed.wrapping_mul(2_654_435_761).rotate_left(13).wrapping_mul(2_246_822_519);
    let picture = |edge: u32| {
        png(edge, edge, |x, y| {
            let [red, green, blue, _] = noise(y * edge + x).to_le_bytes();
            [red, green, blue, 255]
        })
    };
    let cells: Vec<u8> = (0..EDGE * EDGE).flat_map(|at| (1 + noise(at) % 1_024).to_le_bytes()).collect();
    let (map, tiles) = match name {
        "two_layers" => {
            let layer = |name: &str, cells: &[u8]| {
                let data = packed("zlib", cells);
                format!(
                    "<layer name=\"{name}\" width=\"{EDGE}\" height=\"{EDGE}\"><data encoding=\"base64\" compression=\"zlib\">{data}</data></layer>"
                )
            };
            let walls: Vec<u8> = (0..EDGE * EDGE).flat_map(|at| u32::from(at % 7 == 0).to_le_bytes()).collect();
            let set = "<tileset firstgid=\"1\" name=\"t\" tilewidth=\"16\" tileheight=\"16\"><image source=\"t.png\"/></tileset>";
            let layers = format!("{set}{}{}", layer("Ground", &cells), layer("Collision", &walls));
            (format!("<map width=\"{EDGE}\" height=\"{EDGE}\" tilewidth=\"16\" tileheight=\"16\">{layers}</map>"), 512)
        }
        // Every cell is another picture.
        "painted" => {
            let layer = "<imagelayer name=\"painted\"><image source=\"t.png\"/></imagelayer>";
            (format!("<map width=\"192\" height=\"192\" tilewidth=\"16\" tileheight=\"16\">{layer}</map>"), 3_072)
        }
        other => panic!("no map is called {other}"),
    };
    Made::default().and("w/map.tmx", map).and("w/t.png", picture(tiles))
}

const LARGE_ONES: &[&str] = &["two_layers", "painted"];
/// The longest edge of a map, cells.
const EDGE: u32 = 4_096;

const EVIL: &[&str] = &[
    "elements",
    "attributes",
    "objects",
    "inherited",
    "templates",
    "cells",
    "csv",
    "layers",
    "bombs",
    "zstd",
    "groups",
    "tilesets",
    "problems",
    "text",
    "points",
    "json",
    "json_cells",
    "json_lists",
    "utf_16",
    "two_files",
    "names",
];

/// A number of the kernel's about this process, KiB.
fn status(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("it is there");
    line.trim_start_matches(':').trim().trim_end_matches(" kB").parse().expect("a number")
}

/// Reads one of the maps in a process of its own.
#[test]
fn measured() {
    let Some(name) = std::env::var_os(MEASURED) else { return };
    let name = name.to_str().expect("a name");
    let is_large = LARGE_ONES.contains(&name);
    let made = if is_large { large(name) } else { evil(name) };
    // Makes of the peak what is in use now.
    std::fs::write("/proc/self/clear_refs", "5").expect("Linux");
    let before = status("VmRSS");
    let began = std::time::Instant::now();
    let outcome = if is_large { made.load() } else { made.read() };
    let took = began.elapsed();
    println!(
        "measured {} KiB {} ms; {}",
        status("VmHWM") - before,
        took.as_millis(),
        outcome.lines().first().map_or("", |line| line)
    );
}

#[test]
fn evil_maps_take_bounded_memory() {
    let program: PathBuf = std::env::current_exe().expect("this test");
    for name in EVIL.iter().chain(LARGE_ONES) {
        let output =
            Command::new(&program).args(["--exact", "bounds::measured", "--nocapture"]).env(MEASURED, name).output();
        let output = output.expect("it runs");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{name}: {text}");
        let line = text.lines().find(|line| line.contains("measured ")).expect("it was measured");
        println!("{name}: {line}");
        let kib: u64 = line
            .split("measured ")
            .nth(1)
            .and_then(|rest| rest.split(' ').next())
            .and_then(|kib| kib.parse().ok())
            .expect("a number");
        assert!(kib < MEMORY_MAX_KIB, "{name}: {line}");
    }
}
