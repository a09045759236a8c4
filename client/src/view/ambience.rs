//! What the areas of the map make of the scene around the player: its light, the roof that is taken
//! away, the name that is shown on entering, and the music that is wanted. Follows the figure, and
//! changes softly.

use std::collections::{BTreeMap, BTreeSet};

use egui::{Color32, Context, Id, Order, RichText, vec2};
use tilemud_schema::rest::Area;

use super::theme;
use crate::game::Game;
use crate::world::{Terrain, roof};

/// What full darkness leaves of a colour: a little more of the blue.
pub const DARK: Color32 = Color32::from_rgb(18, 24, 44);
/// How fast the light closes in on what it is to be, per second.
const LIGHT_PER_S: f64 = 3.0;
/// A difference of light that nobody sees.
const LIGHT_STEP: f32 = 0.002;
/// Time in which a roof goes or comes back, seconds.
const ROOF_S: f64 = 0.3;
/// Times for which a name comes, stays and goes, seconds.
const NAME_S: (f64, f64, f64) = (0.4, 2.6, 0.9);
/// A name that was shown is not shown again within this time, seconds: who walks along the edge of
/// an area enters it over and over.
const NAME_AGAIN_S: f64 = 10.0;

/// The surroundings as the areas make them.
#[derive(Debug, Default)]
pub struct Ambience {
    /// The tile on which the figure is.
    at: Option<(i32, i32)>,
    /// The version of the tiles that the canopy was looked at in.
    tiles: Option<u32>,
    /// How dark it is, and is to be; 0 is full light.
    darkness: f32,
    goal: f32,
    /// Tiles whose canopy is to be away, and how much of it is there, 0 to 1, where not all is.
    opened: BTreeSet<(i32, i32)>,
    fading: BTreeMap<(i32, i32), f32>,
    /// The name of the area one is in.
    name: String,
    /// The name that was shown last, and since when.
    shown: Option<(String, f64)>,
    music: Option<String>,
}

impl Ambience {
    /// Goes along with the figure for so long.
    pub fn follow(&mut self, game: &Game, dt_s: f64) {
        let (Some(motion), Some(terrain)) = (game.own_motion(), game.assets().terrain()) else { return };
        let (x, y) = motion.at();
        let at = (x.round() as i32, y.round() as i32);
        let before = self.at.replace(at);
        if before != Some(at) {
            // The smallest first.
            let here = || terrain.areas(at.0, at.1);
            let light = here().find_map(|area| area.light).map_or(1.0, |percent| f32::from(percent.min(100)) / 100.0);
            self.goal = 1.0 - light;
            self.music = here().find_map(|area| area.music.clone());
            self.enter(here().find(|area| !area.name.is_empty()), game.now_s());
        }
        if self.tiles.replace(terrain.squares().version()) != Some(terrain.squares().version()) || before != Some(at) {
            self.opened = roof::opened(terrain, at);
        }
        let dt_s = dt_s.clamp(0.0, 0.25);
        // Who comes into the world does not see the light go out.
        let pull = if before.is_none() { 1.0 } else { 1.0 - (-LIGHT_PER_S * dt_s).exp() as f32 };
        self.darkness += (self.goal - self.darkness) * pull;
        if (self.goal - self.darkness).abs() < LIGHT_STEP {
            self.darkness = self.goal;
        }
        for tile in &self.opened {
            self.fading.entry(*tile).or_insert(1.0);
        }
        let step = if before.is_none() { 1.0 } else { (dt_s / ROOF_S) as f32 };
        self.fading.retain(|tile, left| {
            let goal = if self.opened.contains(tile) { 0.0 } else { 1.0 };
            *left += (goal - *left).clamp(-step, step);
            *left < 1.0
        });
    }

    fn enter(&mut self, area: Option<&Area>, now_s: f64) {
        let name = area.map_or(String::new(), |area| area.name.clone());
        let is_new = name != self.name && !name.is_empty();
        let is_fresh = self.shown.as_ref().is_some_and(|(last, at_s)| *last == name && now_s - at_s < NAME_AGAIN_S);
        if is_new && !is_fresh {
            self.shown = Some((name.clone(), now_s));
        }
        self.name = name;
    }

    /// Forgets where the figure was: nobody is in the world.
    pub fn forget(&mut self) {
        let shown = self.shown.take();
        *self = Self { shown, ..Self::default() };
    }

    /// Looks at everything anew, as the map is another one. Who is where they were before does not
    /// enter it again.
    pub fn look_again(&mut self) {
        let name = std::mem::take(&mut self.name);
        self.forget();
        self.name = name;
    }

    /// Whether what is at a place is under a roof that is not taken away.
    #[must_use]
    pub fn hides(&self, terrain: &Terrain, (x, y): (i32, i32)) -> bool {
        terrain.canopy(x, y) != 0 && self.canopy((x, y)) > 0.5 && terrain.areas(x, y).any(|area| area.indoor)
    }

    /// How dark the scene is, 0 to 1.
    #[must_use]
    pub fn darkness(&self) -> f32 {
        self.darkness
    }

    /// What is left of the colour of a figure.
    #[must_use]
    pub fn tint(&self) -> Color32 {
        Color32::WHITE.lerp_to_gamma(DARK, self.darkness)
    }

    /// How much of the canopy of a tile is there, 0 to 1.
    #[must_use]
    pub fn canopy(&self, tile: (i32, i32)) -> f32 {
        self.fading.get(&tile).copied().unwrap_or(1.0)
    }

    /// Address of the music that is to be heard.
    #[must_use]
    pub fn music(&self) -> Option<&str> {
        self.music.as_deref()
    }

    /// Whether it has not come to rest.
    #[must_use]
    pub fn moving(&self, now_s: f64) -> bool {
        let is_fading = |(tile, left): (&(i32, i32), &f32)| *left > 0.0 || !self.opened.contains(tile);
        self.darkness != self.goal || self.fading.iter().any(is_fading) || self.name_at(now_s).is_some()
    }

    /// The name that is shown, and its opacity.
    fn name_at(&self, now_s: f64) -> Option<(&str, f32)> {
        let (name, at_s) = self.shown.as_ref()?;
        let (comes, stays, goes) = NAME_S;
        let age_s = now_s - at_s;
        let opacity = (age_s / comes).min((comes + stays + goes - age_s) / goes).min(1.0);
        (opacity > 0.0).then_some((name, opacity as f32))
    }

    /// Shows the name of the area that was entered, in the middle at the top.
    pub fn show_name(&self, ctx: &Context, now_s: f64) {
        let Some((name, opacity)) = self.name_at(now_s) else { return };
        let area = egui::Area::new(Id::unique("area name")).order(Order::Middle).interactable(false);
        area.anchor(egui::Align2::CENTER_TOP, vec2(0.0, 64.0)).show(ctx, |ui| {
            ui.set_opacity(opacity);
            let back = theme::fade(theme::NIGHT, 0.55);
            egui::Frame::new().fill(back).corner_radius(8).inner_margin(egui::Margin::symmetric(18, 5)).show(
                ui,
                |ui| {
                    let text = RichText::new(name).size(24.0).color(theme::LAMP);
                    ui.add(egui::Label::new(text).wrap_mode(egui::TextWrapMode::Extend));
                },
            );
        });
    }
}

#[cfg(test)]
mod tests {
    use tilemud_schema::rest::Run;

    use super::*;
    use crate::world::map::tests::drawn;

    #[test]
    fn a_roof_that_is_there_hides_who_is_in_the_house_and_a_tree_nobody() {
        let mut map = drawn(&["...."]);
        map.canopy = vec![1, 1, 0, 1];
        map.areas = vec![Area { indoor: true, runs: vec![Run { x: 1, y: 0, width: 2 }], ..Area::default() }];
        let terrain = Terrain::new(map).expect("a good map");
        let mut ambience = Ambience::default();
        let hidden = |ambience: &Ambience| (0..4).filter(|x| ambience.hides(&terrain, (*x, 0))).collect::<Vec<_>>();
        assert_eq!(hidden(&ambience), [1], "under the roof, not on the doorstep");
        ambience.fading.insert((1, 0), 0.2);
        assert_eq!(hidden(&ambience), [0; 0], "it is taken away");
    }

    #[test]
    fn who_stays_where_they_are_over_an_edit_does_not_enter_it_again() {
        let mill = Area { name: "Mill".to_owned(), ..Area::default() };
        let mut ambience = Ambience::default();
        ambience.enter(Some(&mill), 1.0);
        assert!(ambience.name_at(2.0).is_some());
        ambience.look_again();
        ambience.enter(Some(&mill), 100.0);
        assert_eq!(ambience.name_at(101.0), None);
        ambience.forget();
        ambience.enter(Some(&mill), 200.0);
        assert!(ambience.name_at(201.0).is_some(), "they came into the world anew");
    }
}
