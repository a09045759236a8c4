//! The figures that a world brings with it: their picture is fetched when the map names another
//! one. Until it is here, and without one, those that come with the client are drawn.

use tilemud_schema::sprites::Sprites;

use crate::http::{HttpAnswer, HttpRequest};

/// Time before a failed fetch is tried again, seconds.
const AGAIN_AFTER_S: f64 = 3.0;

/// What there is of them.
#[derive(Default)]
pub struct OwnLooks {
    /// As the map says.
    sprites: Option<Sprites>,
    png: Option<Vec<u8>>,
    /// Address of a picture that is on its way.
    asked: Option<String>,
    again_at_s: f64,
    is_new: bool,
}

impl OwnLooks {
    /// The map is one with these.
    pub fn want(&mut self, sprites: Option<&Sprites>) {
        if self.sprites.as_ref() == sprites {
            return;
        }
        let image = |sprites: Option<&Sprites>| sprites.map(|sprites| sprites.image.clone());
        if image(self.sprites.as_ref()) != image(sprites) {
            self.png = None;
            self.again_at_s = 0.0;
        }
        self.sprites = sprites.cloned();
        // Those of the map before stay until the picture is here.
        self.is_new = sprites.is_none() || self.png.is_some();
    }

    /// What to ask for now, if anything.
    pub fn next_request(&mut self, now_s: f64) -> Option<HttpRequest> {
        let path = &self.sprites.as_ref()?.image;
        if self.png.is_some() || self.asked.is_some() || now_s < self.again_at_s {
            return None;
        }
        self.asked = Some(path.clone());
        Some(HttpRequest::get(path.clone()))
    }

    /// Handles what came of it. A picture that is not wanted any more is dropped.
    pub fn on_answer(&mut self, answer: Option<HttpAnswer>, now_s: f64) {
        let asked = self.asked.take();
        let is_wanted = asked.is_some() && asked.as_ref() == self.sprites.as_ref().map(|sprites| &sprites.image);
        match answer.filter(|answer| answer.status == 200) {
            Some(answer) if is_wanted => {
                self.png = Some(answer.body);
                self.is_new = true;
            }
            Some(_) => {}
            None => self.again_at_s = now_s + AGAIN_AFTER_S,
        }
    }

    /// What is to be drawn from now on, when that is something else than at the last call: the
    /// figures and their picture, or those of the client alone.
    pub fn take(&mut self) -> Option<Option<(&Sprites, &[u8])>> {
        std::mem::take(&mut self.is_new).then(|| self.sprites.as_ref().zip(self.png.as_deref()))
    }

    /// The textures are gone.
    pub fn draw_anew(&mut self) {
        self.is_new = self.png.is_some();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sprites(image: &str, frame_h: u32) -> Sprites {
        Sprites { image: image.to_owned(), frame_h, ..Sprites::default() }
    }

    fn answer(status: u16, body: &[u8]) -> Option<HttpAnswer> {
        Some(HttpAnswer { status, etag: None, body: body.to_vec() })
    }

    fn asked(looks: &mut OwnLooks, now_s: f64) -> Option<String> {
        looks.next_request(now_s).map(|request| request.path)
    }

    fn taken(looks: &mut OwnLooks) -> Option<Option<(u32, Vec<u8>)>> {
        looks.take().map(|own| own.map(|(sprites, png)| (sprites.frame_h, png.to_vec())))
    }

    #[test]
    fn the_picture_is_asked_for_once_and_again_when_it_failed() {
        let mut looks = OwnLooks::default();
        assert_eq!((asked(&mut looks, 0.0), taken(&mut looks)), (None, None), "a map without figures");
        looks.want(Some(&sprites("/a", 24)));
        assert_eq!(asked(&mut looks, 0.0).as_deref(), Some("/a"));
        assert_eq!((asked(&mut looks, 0.0), taken(&mut looks)), (None, None), "it is on its way");
        looks.on_answer(answer(503, b""), 1.0);
        assert_eq!((asked(&mut looks, 1.1), taken(&mut looks)), (None, None));
        assert_eq!(asked(&mut looks, 1.0 + AGAIN_AFTER_S).as_deref(), Some("/a"));
        looks.on_answer(None, 5.0);
        assert_eq!(asked(&mut looks, 9.0).as_deref(), Some("/a"));
        looks.on_answer(answer(200, b"A"), 9.0);
        assert_eq!(taken(&mut looks), Some(Some((24, b"A".to_vec()))));
        assert_eq!((asked(&mut looks, 99.0), taken(&mut looks)), (None, None));
        looks.draw_anew();
        assert_eq!(taken(&mut looks), Some(Some((24, b"A".to_vec()))));
    }

    #[test]
    fn another_map_brings_others_or_none_and_a_late_picture_is_not_taken_for_them() {
        let mut looks = OwnLooks::default();
        looks.want(Some(&sprites("/a", 24)));
        asked(&mut looks, 0.0);
        looks.want(Some(&sprites("/b", 24)));
        assert_eq!(asked(&mut looks, 0.0), None, "one after the other");
        looks.on_answer(answer(200, b"A"), 0.0);
        assert_eq!((taken(&mut looks), asked(&mut looks, 0.0).as_deref()), (None, Some("/b")));
        looks.on_answer(answer(200, b"B"), 0.0);
        assert_eq!(taken(&mut looks), Some(Some((24, b"B".to_vec()))));
        looks.want(Some(&sprites("/b", 32)));
        assert_eq!(taken(&mut looks), Some(Some((32, b"B".to_vec()))), "the same picture, cut otherwise");
        assert_eq!(asked(&mut looks, 0.0), None);
        looks.want(None);
        assert_eq!((taken(&mut looks), asked(&mut looks, 0.0)), (Some(None), None));
    }
}
