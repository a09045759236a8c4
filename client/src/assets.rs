//! The static world and its tileset picture, fetched once and again when the ETag changes, also
//! while it is played; the figures that it brings; and the music that is heard in it.
//!
//! Fetched already at the sign-in screen, so that the world stands behind it and play starts
//! sooner. Turns answers into requests that follow; sends nothing itself.

use tilemud_schema::rest::WorldMap;

use crate::http::{CallId, HttpAnswer, HttpRequest, Unreachable};
use crate::looks::OwnLooks;
use crate::sound::Piece;
use crate::world::Terrain;

/// Calls of the assets; the session's begin above.
const WORLD_CALL: CallId = 1;
const TILESET_CALL: CallId = 2;
const MUSIC_CALL: CallId = 4;
const LOOKS_CALL: CallId = 5;
/// Time before a failed fetch is tried again, seconds.
const AGAIN_AFTER_S: f64 = 3.0;
/// Pieces of music that are kept, the latest ones.
const PIECES_MAX: usize = 4;

/// What is loaded, and what is on the way.
#[derive(Default)]
pub struct Assets {
    terrain: Option<Terrain>,
    /// Another one, which is shown once its picture is here.
    coming: Option<Terrain>,
    etag: Option<String>,
    /// The ETag the session named, if it is not the one that is loaded.
    wanted_etag: Option<String>,
    /// What was wanted when the world was asked for.
    asked_etag: Option<String>,
    tileset_png: Option<Vec<u8>>,
    /// The picture must be made from it, for the first time or again.
    tileset_is_new: bool,
    problem: Option<String>,
    /// Of a picture that is to be fetched.
    tileset_path: Option<String>,
    /// Of the picture that is here.
    shown_path: Option<String>,
    busy: bool,
    again_at_s: f64,
    pieces: Vec<Piece>,
    /// The piece that is to be heard and not here.
    missing: Option<Missing>,
    looks: OwnLooks,
}

/// A piece of music that is not here.
struct Missing {
    path: String,
    step: Step,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Wanted,
    Asked,
    /// It is not asked for again until another one was.
    Failed,
}

impl Assets {
    /// The world, once it is here.
    #[must_use]
    pub fn terrain(&self) -> Option<&Terrain> {
        self.terrain.as_ref()
    }

    /// The tileset's PNG, when it arrived since the last call or must be drawn again.
    pub fn take_tileset(&mut self) -> Option<&[u8]> {
        std::mem::take(&mut self.tileset_is_new).then_some(self.tileset_png.as_deref())?
    }

    /// The picture made of the tileset is gone.
    pub fn draw_anew(&mut self) {
        self.tileset_is_new = self.tileset_png.is_some();
        self.looks.draw_anew();
    }

    /// The figures of the world's own.
    pub fn looks(&mut self) -> &mut OwnLooks {
        &mut self.looks
    }

    /// Why the world or its tileset is missing, as a text for the player; it is fetched again.
    #[must_use]
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// The session is in a world with this ETag.
    pub fn want(&mut self, etag: &str) {
        if self.etag.as_deref() != Some(etag) {
            self.wanted_etag = Some(etag.to_owned());
            self.again_at_s = 0.0;
        }
    }

    /// A piece of music, if it is here. If not it is asked for.
    pub fn music(&mut self, path: &str) -> Option<Piece> {
        if let Some(piece) = self.pieces.iter().find(|piece| piece.path == path) {
            return Some(piece.clone());
        }
        // One after the other: an answer does not say which of them it is.
        let is_settled = |missing: &Missing| missing.step == Step::Asked || missing.path == path;
        if !self.missing.as_ref().is_some_and(is_settled) {
            self.missing = Some(Missing { path: path.to_owned(), step: Step::Wanted });
        }
        None
    }

    /// What to ask for now, if anything.
    pub fn next_request(&mut self, now_s: f64) -> Option<(CallId, HttpRequest)> {
        if let Some(missing) = self.missing.as_mut().filter(|missing| missing.step == Step::Wanted) {
            missing.step = Step::Asked;
            return Some((MUSIC_CALL, HttpRequest::get(missing.path.clone())));
        }
        if let Some(request) = self.looks.next_request(now_s) {
            return Some((LOOKS_CALL, request));
        }
        if self.busy || now_s < self.again_at_s {
            return None;
        }
        let call = if self.terrain.is_none() || self.wanted_etag.is_some() {
            self.asked_etag.clone_from(&self.wanted_etag);
            (WORLD_CALL, HttpRequest::get("/api/world"))
        } else {
            (TILESET_CALL, HttpRequest::get(self.tileset_path.clone()?))
        };
        self.busy = true;
        Some(call)
    }

    /// Handles an answer to a call of the assets, and returns any other.
    ///
    /// # Errors
    /// The outcome, when the call is somebody else's.
    pub fn on_http(
        &mut self,
        id: CallId,
        outcome: Result<HttpAnswer, Unreachable>,
        now_s: f64,
    ) -> Result<(), Result<HttpAnswer, Unreachable>> {
        match id {
            WORLD_CALL | TILESET_CALL => {}
            MUSIC_CALL => {
                self.on_music(outcome.ok());
                return Ok(());
            }
            LOOKS_CALL => {
                self.looks.on_answer(outcome.ok(), now_s);
                return Ok(());
            }
            _ => return Err(outcome),
        }
        self.busy = false;
        let what = if id == WORLD_CALL { "map" } else { "tileset's picture" };
        let taken = match outcome {
            Ok(answer) if answer.status == 200 && id == WORLD_CALL => {
                self.on_world(answer).then_some(()).ok_or_else(|| "it cannot be read".to_owned())
            }
            Ok(answer) if answer.status == 200 => {
                self.shown_path = self.tileset_path.take();
                if self.coming.is_some() {
                    self.terrain = self.coming.take();
                }
                self.tileset_png = Some(answer.body);
                self.tileset_is_new = true;
                Ok(())
            }
            Ok(answer) => Err(format!("the server answered with {}", answer.status)),
            Err(Unreachable(reason)) => Err(reason),
        };
        self.problem = taken.err().map(|reason| {
            self.again_at_s = now_s + AGAIN_AFTER_S;
            format!("The {what} is not here: {reason}. It is asked for again.")
        });
        Ok(())
    }

    /// Without music one plays on, and nothing is said of it.
    fn on_music(&mut self, answer: Option<HttpAnswer>) {
        let Some(missing) = self.missing.take_if(|missing| missing.step == Step::Asked) else { return };
        match answer.filter(|answer| answer.status == 200) {
            Some(answer) => {
                self.pieces.push(Piece { path: missing.path, file: answer.body.into() });
                let many = self.pieces.len().saturating_sub(PIECES_MAX);
                self.pieces.drain(..many);
            }
            None => self.missing = Some(Missing { step: Step::Failed, ..missing }),
        }
    }

    fn on_world(&mut self, answer: HttpAnswer) -> bool {
        let map: Option<WorldMap> = serde_json::from_slice(&answer.body).ok();
        let Some(terrain) = map.and_then(Terrain::new) else { return false };
        self.looks.want(terrain.map().sprites.as_ref());
        let path = &terrain.map().tileset.image;
        let is_here = self.shown_path.as_ref() == Some(path);
        self.tileset_path = (!is_here).then(|| path.clone());
        if is_here || self.tileset_png.is_none() {
            (self.terrain, self.coming) = (Some(terrain), None);
            // The small map is drawn of both.
            self.tileset_is_new = is_here;
        } else {
            // With the picture of the map before, everything would look like something else.
            self.coming = Some(terrain);
        }
        // A server that sends no ETag gets the one it named: fetched after it was named.
        self.etag = answer.etag.or_else(|| self.asked_etag.clone());
        // It may have named another one meanwhile.
        if self.wanted_etag == self.asked_etag {
            self.wanted_etag = None;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::world::map::tests::terrain;

    /// The map of a world this wide, with this picture, as the server answers.
    fn map(row: &str, image: &str, etag: &str) -> Result<HttpAnswer, Unreachable> {
        let mut map = terrain(&[row]).map().clone();
        image.clone_into(&mut map.tileset.image);
        Ok(HttpAnswer { status: 200, etag: Some(etag.to_owned()), body: tilemud_schema::codec::to_json(&map) })
    }

    fn width(assets: &Assets) -> Option<i32> {
        assets.terrain().map(|terrain| terrain.size().0)
    }

    #[test]
    fn another_map_is_shown_with_its_picture_and_one_that_is_named_meanwhile_is_fetched_too() {
        let mut assets = Assets::default();
        let ask = |assets: &mut Assets| assets.next_request(0.0).map(|(_, request)| request.path);
        assets.want("one");
        assert_eq!(ask(&mut assets).as_deref(), Some("/api/world"));
        assert_eq!(assets.on_http(WORLD_CALL, map(".", "/a.png", "one"), 0.0), Ok(()));
        assert_eq!((width(&assets), ask(&mut assets).as_deref()), (Some(1), Some("/a.png")));
        assert_eq!(assets.on_http(TILESET_CALL, answered(200), 0.0), Ok(()));
        assert!(assets.take_tileset().is_some() && ask(&mut assets).is_none());

        assets.want("two");
        assert_eq!(ask(&mut assets).as_deref(), Some("/api/world"));
        assets.want("three");
        assert_eq!(assets.on_http(WORLD_CALL, map("..", "/b.png", "two"), 0.0), Ok(()));
        assert_eq!(width(&assets), Some(1), "its picture is not here");
        assert_eq!(ask(&mut assets).as_deref(), Some("/api/world"), "it was named while the other was on its way");
        assert_eq!(assets.on_http(WORLD_CALL, map("...", "/c.png", "three"), 0.0), Ok(()));
        assert_eq!((width(&assets), ask(&mut assets).as_deref()), (Some(1), Some("/c.png")));
        assert_eq!(assets.on_http(TILESET_CALL, answered(200), 0.0), Ok(()));
        assert_eq!(width(&assets), Some(3));
        assert!(assets.take_tileset().is_some());

        // With the picture that is here already it is shown at once, and the small map drawn anew.
        assets.want("four");
        ask(&mut assets);
        assert_eq!(assets.on_http(WORLD_CALL, map("....", "/c.png", "four"), 0.0), Ok(()));
        assert_eq!((width(&assets), ask(&mut assets)), (Some(4), None));
        assert!(assets.take_tileset().is_some());
    }

    fn answered(status: u16) -> Result<HttpAnswer, Unreachable> {
        Ok(HttpAnswer { status, etag: None, body: vec![7] })
    }

    #[test]
    fn music_is_asked_for_once_one_piece_after_the_other_and_the_latest_are_kept() {
        let mut assets = Assets { busy: true, ..Assets::default() };
        let asked = |assets: &mut Assets| assets.next_request(0.0).map(|(_, request)| request.path);
        assert!(assets.music("/a").is_none());
        assert_eq!((asked(&mut assets).as_deref(), asked(&mut assets)), (Some("/a"), None));
        assert!(assets.music("/b").is_none());
        assert_eq!(asked(&mut assets), None, "the first one is on its way");
        assert_eq!(assets.on_http(MUSIC_CALL, answered(200), 0.0), Ok(()));
        assert_eq!(assets.music("/a").map(|piece| piece.file.to_vec()), Some(vec![7]));

        assert!(assets.music("/b").is_none());
        assert_eq!(asked(&mut assets).as_deref(), Some("/b"));
        assert_eq!(assets.on_http(MUSIC_CALL, answered(404), 0.0), Ok(()));
        assert!(assets.music("/b").is_none());
        assert_eq!((asked(&mut assets), assets.problem()), (None, None), "it is not there, and nobody is bothered");

        for path in ["/c", "/d", "/e", "/f"] {
            assert!(assets.music(path).is_none());
            assert_eq!(asked(&mut assets).as_deref(), Some(path));
            assert_eq!(assets.on_http(MUSIC_CALL, answered(200), 0.0), Ok(()));
        }
        assert!(assets.music("/a").is_none(), "it has made room");
        assert!(assets.music("/c").is_some() && assets.music("/f").is_some());
    }
}
