//! The static world and the pictures of its tiles, fetched once and again when the ETag changes,
//! also while it is played; the sections of its tiles around the player; the figures that it
//! brings; and the music that is heard in it.
//!
//! Fetched already at the sign-in screen, so that the world stands behind it and play starts
//! sooner. Turns answers into requests that follow; sends nothing itself.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use tilemud_schema::rest::{Section, WorldMap};

use crate::http::{CallId, HttpAnswer, HttpRequest, Unreachable};
use crate::looks::OwnLooks;
use crate::sound::Piece;
use crate::world::Terrain;
pub use pictures::TilePictures;

mod pictures;

/// Calls of the assets; the session's begin above.
const WORLD_CALL: CallId = 1;
const TILESET_CALL: CallId = 2;
const MUSIC_CALL: CallId = 4;
const LOOKS_CALL: CallId = 5;
/// One for each section that is on its way: as many as a browser asks one server for at once.
const SECTION_CALLS: Range<CallId> = 10..16;
/// Time before a failed fetch is tried again, seconds.
const AGAIN_AFTER_S: f64 = 3.0;
/// Pieces of music that are kept, the latest ones.
const PIECES_MAX: usize = 4;

/// What is loaded, and what is on the way.
#[derive(Default)]
pub struct Assets {
    terrain: Option<Terrain>,
    /// Another one, which is shown once its pictures and the tiles around the player are here.
    coming: Option<Terrain>,
    /// The pictures of the latest map, shown or coming.
    pictures: TilePictures,
    /// Those that the shown map is drawn with.
    shown: TilePictures,
    /// The tile that is looked at; `None` before anybody plays.
    at: Option<(i32, i32)>,
    /// The sections that are on their way.
    sections: BTreeMap<CallId, String>,
    sections_again_at_s: f64,
    sections_problem: Option<String>,
    etag: Option<String>,
    /// The ETag the session named, if it is not the one that is loaded.
    wanted_etag: Option<String>,
    /// What was wanted when the world was asked for.
    asked_etag: Option<String>,
    /// Textures must be made from the pictures, for the first time or again.
    tileset_is_new: bool,
    problem: Option<String>,
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

    /// The pictures of the tiles, when they arrived since the last call or must be drawn again.
    pub fn take_tileset(&mut self) -> Option<TilePictures> {
        std::mem::take(&mut self.tileset_is_new).then(|| self.shown.clone())
    }

    /// The textures made of the pictures are gone.
    pub fn draw_anew(&mut self) {
        self.tileset_is_new = self.shown.are_here();
        self.looks.draw_anew();
    }

    /// The figures of the world's own.
    pub fn looks(&mut self) -> &mut OwnLooks {
        &mut self.looks
    }

    /// Why the world or its tileset is missing, as a text for the player; it is fetched again.
    #[must_use]
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref().or(self.sections_problem.as_deref())
    }

    /// The player is on a tile, and is to see what is around it.
    pub fn look_from(&mut self, at: Option<(i32, i32)>) {
        self.at = at;
        for terrain in [&mut self.terrain, &mut self.coming].into_iter().flatten() {
            let at = seen_from(at, terrain);
            terrain.squares_mut().look_from(at);
        }
        self.show_what_is_coming();
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
        self.next_call(now_s).or_else(|| self.next_section(now_s))
    }

    fn next_section(&mut self, now_s: f64) -> Option<(CallId, HttpRequest)> {
        let call = SECTION_CALLS.into_iter().find(|call| !self.sections.contains_key(call))?;
        let terrain = self.coming.as_ref().or(self.terrain.as_ref()).filter(|_| now_s >= self.sections_again_at_s)?;
        let missing = terrain.squares().missing(seen_from(self.at, terrain));
        if missing.is_empty() {
            self.sections_problem = None;
        }
        let is_asked = |path: &str| self.sections.values().any(|asked| asked == path);
        let path = missing.into_iter().find(|path| !is_asked(path))?.to_owned();
        self.sections.insert(call, path.clone());
        Some((call, HttpRequest::get(path)))
    }

    fn next_call(&mut self, now_s: f64) -> Option<(CallId, HttpRequest)> {
        if self.busy || now_s < self.again_at_s {
            return None;
        }
        let call = if self.terrain.is_none() || self.wanted_etag.is_some() {
            self.asked_etag.clone_from(&self.wanted_etag);
            (WORLD_CALL, HttpRequest::get("/api/map"))
        } else {
            (TILESET_CALL, HttpRequest::get(self.pictures.missing()?.to_owned()))
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
            call => {
                let Some(path) = self.sections.remove(&call) else { return Err(outcome) };
                self.on_section(&path, outcome, now_s);
                return Ok(());
            }
        }
        self.busy = false;
        let what = if id == WORLD_CALL { "map" } else { "tileset's picture" };
        let taken = match outcome {
            Ok(answer) if answer.status == 200 && id == WORLD_CALL => {
                self.on_world(answer).then_some(()).ok_or_else(|| "it cannot be read".to_owned())
            }
            Ok(answer) if answer.status == 200 => {
                // The one that was asked for: the map does not change meanwhile.
                self.pictures.take(&answer.body);
                if self.coming.is_some() {
                    self.show_what_is_coming();
                } else if self.pictures.are_here() {
                    self.show_pictures();
                }
                Ok(())
            }
            Ok(answer) => {
                if answer.status == 404 && id == TILESET_CALL {
                    // The map is another one by now.
                    self.wanted_etag.get_or_insert_default();
                }
                Err(format!("the server answered with {}", answer.status))
            }
            Err(Unreachable(reason)) => Err(reason),
        };
        self.problem = taken.err().map(|reason| {
            self.again_at_s = now_s + AGAIN_AFTER_S;
            format!("The {what} is not here: {reason}. It is asked for again.")
        });
        Ok(())
    }

    fn on_section(&mut self, path: &str, outcome: Result<HttpAnswer, Unreachable>, now_s: f64) {
        let taken = match outcome {
            Ok(answer) if answer.status == 200 => match serde_json::from_slice::<Section>(&answer.body) {
                Ok(section) => self.take_section(path, &Arc::new(section)),
                Err(_) => Err("it cannot be read".to_owned()),
            },
            Ok(answer) if answer.status == 404 => {
                // The map is another one by now.
                self.wanted_etag.get_or_insert_default();
                self.sections_again_at_s = now_s + AGAIN_AFTER_S;
                return;
            }
            Ok(answer) => Err(format!("the server answered with {}", answer.status)),
            Err(Unreachable(reason)) => Err(reason),
        };
        self.sections_problem = taken.err().map(|reason| {
            self.sections_again_at_s = now_s + AGAIN_AFTER_S;
            format!("A part of the map is not here: {reason}. It is asked for again.")
        });
        self.show_what_is_coming();
    }

    fn take_section(&mut self, path: &str, section: &Arc<Section>) -> Result<(), String> {
        let mut terrains = [&mut self.terrain, &mut self.coming].into_iter().flatten();
        if terrains.all(|terrain| terrain.squares_mut().take(path, section)) {
            return Ok(());
        }
        Err("it is not as large as the map says".to_owned())
    }

    /// With the pictures of the map before, everything would look like something else, and without
    /// tiles like nothing.
    fn show_what_is_coming(&mut self) {
        let Some(coming) = &self.coming else { return };
        if self.pictures.are_here() && coming.squares().has_around(seen_from(self.at, coming)) {
            self.terrain = self.coming.take();
            self.show_pictures();
        }
    }

    fn show_pictures(&mut self) {
        self.shown = self.pictures.clone();
        // Also when they are the same: the small map is drawn of them and of the tiles.
        self.tileset_is_new = true;
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
        let Some(mut terrain) = map.and_then(Terrain::new) else { return false };
        self.looks.want(terrain.map().sprites.as_ref());
        let at = seen_from(self.at, &terrain);
        terrain.squares_mut().look_from(at);
        for known in [&self.terrain, &self.coming].into_iter().flatten() {
            terrain.squares_mut().adopt(known.squares());
        }
        let mut pictures = TilePictures::of(&terrain.map().tileset);
        [&self.shown, &self.pictures].into_iter().for_each(|known| pictures.adopt(known));
        self.pictures = pictures;
        if self.shown.are_here() {
            self.coming = Some(terrain);
            self.show_what_is_coming();
        } else {
            (self.terrain, self.coming) = (Some(terrain), None);
            if self.pictures.are_here() {
                self.show_pictures();
            }
        }
        // A server that sends no ETag gets the one it named: fetched after it was named.
        let etag = answer.etag.or_else(|| self.asked_etag.clone());
        if etag != self.etag {
            self.sections_again_at_s = 0.0;
        }
        self.etag = etag;
        // It may have named another one meanwhile.
        if self.wanted_etag == self.asked_etag {
            self.wanted_etag = None;
        }
        true
    }
}

/// The tile that is looked at: before anybody plays, where characters begin.
fn seen_from(at: Option<(i32, i32)>, terrain: &Terrain) -> (i32, i32) {
    let (x, y) = at.unwrap_or_else(|| (terrain.spawn().x, terrain.spawn().y));
    let (width, height) = terrain.size();
    (x.clamp(0, width - 1), y.clamp(0, height - 1))
}

#[cfg(test)]
mod tests;
