//! Music: the piece that is wanted swells, and whatever else is heard fades and ends. Knows no
//! device; a track is whatever goes on playing until it is dropped.

use std::sync::Arc;

/// Time in which a piece swells or fades, seconds.
const FADE_S: f64 = 1.8;
/// Pieces that are heard at once at most; with more of them the oldest ends at once.
const VOICES_MAX: usize = 3;

/// A piece that plays over and over until it is dropped.
pub trait Track {
    /// From 0 to 1.
    fn set_loudness(&self, loudness: f32);
}

/// A piece of music: its address, and its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub path: String,
    pub file: Arc<[u8]>,
}

/// A piece that is heard, or cannot be played here.
struct Voice<T> {
    path: String,
    track: Option<T>,
    /// How much of it is heard, 0 to 1.
    level: f64,
}

/// All that is heard, the newest last.
pub struct Music<T> {
    voices: Vec<Voice<T>>,
}

impl<T> Default for Music<T> {
    fn default() -> Self {
        Self { voices: Vec::new() }
    }
}

impl<T: Track> Music<T> {
    /// Goes on for so long. `start` begins a piece in silence; `None` where it cannot be played,
    /// which is not tried again while it is wanted.
    pub fn follow(
        &mut self,
        wanted: Option<&Piece>,
        loudness: f32,
        dt_s: f64,
        start: impl FnOnce(&Arc<[u8]>) -> Option<T>,
    ) {
        if let Some(piece) = wanted.filter(|piece| self.voices.iter().all(|voice| voice.path != piece.path)) {
            let track = start(&piece.file);
            self.voices.push(Voice { path: piece.path.clone(), track, level: 0.0 });
            let many = self.voices.len().saturating_sub(VOICES_MAX);
            self.voices.drain(..many);
        }
        let step = dt_s.clamp(0.0, FADE_S) / FADE_S;
        self.voices.retain_mut(|voice| {
            let is_wanted = wanted.is_some_and(|piece| piece.path == voice.path);
            voice.level = (voice.level + if is_wanted { step } else { -step }).clamp(0.0, 1.0);
            if let Some(track) = &voice.track {
                track.set_loudness(voice.level as f32 * loudness);
            }
            is_wanted || voice.level > 0.0
        });
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::rc::Rc;

    use super::*;

    /// What a piece is heard with; below 0 once it has ended.
    struct Heard(Rc<Cell<f32>>);

    impl Track for Heard {
        fn set_loudness(&self, loudness: f32) {
            self.0.set(loudness);
        }
    }

    impl Drop for Heard {
        fn drop(&mut self) {
            self.0.set(-1.0);
        }
    }

    #[derive(Default)]
    struct Room {
        music: Music<Heard>,
        begun: RefCell<Vec<Rc<Cell<f32>>>>,
    }

    impl Room {
        fn hear(&mut self, wanted: Option<&str>, seconds: f64) -> Vec<f32> {
            let piece = wanted.map(|path| Piece { path: path.to_owned(), file: Arc::from([]) });
            for _ in 0..(seconds * 10.0).round() as usize {
                self.music.follow(piece.as_ref(), 0.5, 0.1, |_| {
                    let heard = Rc::new(Cell::new(0.0));
                    self.begun.borrow_mut().push(heard.clone());
                    Some(Heard(heard))
                });
            }
            self.begun.borrow().iter().map(|heard| heard.get()).collect()
        }
    }

    #[test]
    fn a_piece_swells_goes_on_and_gives_way_to_the_next_while_both_are_heard() {
        let mut room = Room::default();
        let first = room.hear(Some("a"), 0.9);
        assert!((first[0] - 0.25).abs() < 0.01, "half of half: {first:?}");
        assert_eq!(room.hear(Some("a"), 5.0), [0.5], "it is begun once");
        let both = room.hear(Some("b"), 0.9);
        assert!(both.iter().all(|heard| (heard - 0.25).abs() < 0.01), "{both:?}");
        assert_eq!(room.hear(Some("b"), 1.0), [-1.0, 0.5]);
        assert_eq!(room.hear(None, 2.0), [-1.0, -1.0]);
    }

    #[test]
    fn a_piece_that_is_wanted_again_while_it_fades_swells_again() {
        let mut room = Room::default();
        room.hear(Some("a"), 2.0);
        room.hear(None, 0.9);
        assert_eq!(room.hear(Some("a"), 2.0), [0.5], "the same one");
    }

    #[test]
    fn of_many_pieces_the_oldest_end() {
        let mut room = Room::default();
        for (path, seconds) in [("a", 2.0), ("b", 1.0), ("c", 0.5)] {
            assert!(room.hear(Some(path), seconds).iter().all(|heard| *heard > 0.0));
        }
        let heard = room.hear(Some("d"), 0.1);
        assert!(heard[0] < 0.0 && heard[1..].iter().all(|heard| *heard > 0.0), "{heard:?}");
    }

    #[test]
    fn what_cannot_be_played_is_not_tried_over_and_over() {
        let (mut music, mut tries) = (Music::<Heard>::default(), 0);
        let piece = Piece { path: "a".to_owned(), file: Arc::from([]) };
        for _ in 0..50 {
            music.follow(Some(&piece), 1.0, 0.1, |_| {
                tries += 1;
                None
            });
        }
        assert_eq!(tries, 1);
    }
}
