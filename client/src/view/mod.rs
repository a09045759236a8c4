//! Everything that is drawn. Reads the game without changing it: the player's commands are returned
//! as [`UiCommand`]s, which the app applies after drawing.

mod ambience;
mod away;
mod badge;
mod bag;
mod camera;
mod character;
mod chat;
mod command;
mod figures;
mod help;
mod keys;
mod minimap;
mod nearby;
mod overhead;
mod overlay;
mod pace;
mod scene;
mod sheet;
mod sign_in;
mod signs;
#[cfg(test)]
mod tests;
pub mod theme;
mod tiles;
mod title;
mod wheel;

use egui::{Event, Key};

use crate::game::Game;
use crate::gestures;
use crate::session::SessionState;
use crate::settings;
use camera::Camera;
pub use command::UiCommand;
use sheet::Pictures;

/// What the views remember between frames.
pub struct View {
    pictures: Pictures,
    camera: Camera,
    sign_in: sign_in::SignIn,
    chat: chat::Chat,
    minimap: minimap::Minimap,
    overlay_open: bool,
    help_open: bool,
    bag_hidden: bool,
    character_open: bool,
    wheel: wheel::Wheel,
    held: keys::Held,
    pace: pace::Pace,
    ambience: ambience::Ambience,
    /// Whether the player wants to hear anything.
    pub sound_on: bool,
    /// How loud music is to be, percent.
    pub music_percent: u8,
    /// Why the world is not drawn, although it is here.
    picture_problem: Option<String>,
    /// Why the figures of the world's own are not drawn.
    looks_problem: Option<String>,
}

/// State that a new picture of the same game takes over: the draft, and which panels are open.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    name: String,
    draft: String,
    overlay_open: bool,
    help_open: bool,
    bag_hidden: bool,
    character_open: bool,
    map_hidden: bool,
}

impl View {
    /// Views with the sign-in form holding `name`.
    #[must_use]
    pub fn new(ctx: &egui::Context, name: String) -> Self {
        theme::install(ctx);
        Self {
            pictures: Pictures::new(ctx),
            camera: Camera::default(),
            sign_in: sign_in::SignIn::new(name),
            chat: chat::Chat::default(),
            minimap: minimap::Minimap::default(),
            overlay_open: false,
            help_open: false,
            bag_hidden: false,
            character_open: false,
            wheel: wheel::Wheel::new(gestures::all()),
            held: keys::Held::default(),
            pace: pace::Pace::default(),
            ambience: ambience::Ambience::default(),
            sound_on: true,
            music_percent: settings::MUSIC_PERCENT,
            picture_problem: None,
            looks_problem: None,
        }
    }

    /// What this view leaves to the next.
    #[must_use]
    pub fn keep(&mut self) -> Kept {
        Kept {
            name: self.sign_in.name().to_owned(),
            draft: self.chat.draft().to_owned(),
            overlay_open: self.overlay_open,
            help_open: self.help_open,
            bag_hidden: self.bag_hidden,
            character_open: self.character_open,
            map_hidden: self.minimap.hidden,
        }
    }

    /// Takes over what an earlier view left.
    pub fn restore(&mut self, kept: Kept) {
        self.sign_in = sign_in::SignIn::new(kept.name);
        self.chat = chat::Chat::holding(kept.draft);
        (self.overlay_open, self.help_open) = (kept.overlay_open, kept.help_open);
        self.character_open = kept.character_open;
        (self.bag_hidden, self.minimap.hidden) = (kept.bag_hidden, kept.map_hidden);
    }

    /// Address of the music that belongs to where the player is.
    #[must_use]
    pub fn music(&self) -> Option<&str> {
        self.ambience.music()
    }

    /// Leaves in `input` the events for the next frame. `true` when more are waiting, so that
    /// another frame is needed at once.
    pub fn pace(&mut self, input: &mut egui::RawInput) -> bool {
        self.pace.admit(input)
    }

    /// Draws one frame and says what the player wants.
    pub fn show(&mut self, ui: &mut egui::Ui, game: &mut Game, dt_s: f64) -> Vec<UiCommand> {
        let mut commands = Vec::new();
        let ctx = ui.ctx().clone();
        self.take_tileset(&ctx, game);
        if let Some(terrain) = game.assets().terrain() {
            self.minimap.follow(&ctx, terrain, game.now_s());
        }
        self.take_looks(&ctx, game);
        let state = game.state();
        let in_world = game.own_motion().is_some() && !matches!(state, SessionState::SignIn { .. });
        if in_world {
            let viewport = self.camera.follow(ui, game, dt_s);
            self.ambience.follow(game, dt_s);
            scene::show(ui, game, &self.pictures, &viewport, &self.ambience, &mut commands);
            signs::card(&ctx, game, &viewport);
            self.ambience.show_name(&ctx, game.now_s());
            self.chat.take_back(game);
            self.chat.show(&ctx, game, &mut commands);
            // On a small screen there is room for one of them.
            if !self.overlay_open || ctx.content_rect().height() > overlay::ROOM {
                nearby::show(&ctx, game, &self.minimap, &viewport);
            }
            if self.overlay_open {
                overlay::show(&ctx, game);
            }
            let bag_open = !self.bag_hidden && !self.overlay_open;
            bag::show(&ctx, game, &self.pictures, &viewport, bag_open, &mut commands);
            if self.character_open && game.session().can_act() {
                character::show(&ctx, game, &self.pictures);
            }
            self.wheel.show(&ctx, game, &viewport, &mut commands);
            self.read_keys(&ctx, game, &mut commands);
        } else {
            self.ambience.forget();
            let viewport = self.camera.drift(ui, game);
            scene::backdrop(ui, game, &self.pictures, &viewport);
            self.sign_in.show(&ctx, game, &state, &mut commands);
        }
        badge::show(&ctx, game, &state, in_world, &mut self.character_open, &mut commands);
        let problem = self.picture_problem.as_deref().or(self.looks_problem.as_deref());
        if let Some(problem) = problem.or_else(|| game.assets().problem()) {
            badge::warn(&ctx, problem);
        }
        if self.help_open && in_world {
            let sound = (&mut self.sound_on, &mut self.music_percent);
            help::show(&ctx, self.wheel.gestures(), &mut self.help_open, sound, &mut commands);
        }
        self.schedule(&ctx, game, in_world);
        commands
    }

    /// Reads this frame's keys.
    fn read_keys(&mut self, ctx: &egui::Context, game: &Game, commands: &mut Vec<UiCommand>) {
        let (pressed, typed_help) = ctx.input(|input| {
            let pressed: Vec<Key> = input.events.iter().filter_map(keys::game_key).collect();
            (pressed, input.events.iter().any(|event| matches!(event, Event::Text(text) if text == "?")))
        });
        let wants = |key: Key| pressed.contains(&key);
        self.overlay_open ^= wants(Key::F3);
        self.help_open ^= wants(Key::F1);
        // Also what was typed in the frame that ends with the Enter or Esc that closes the chat.
        if ctx.text_edit_focused() || self.chat.just_closed() {
            self.held = keys::Held::default();
            commands.push(UiCommand::Hold(None));
            return;
        }
        if wants(Key::E)
            && let Some(interaction) = game.nearest_interaction()
        {
            commands.push(UiCommand::Do(interaction.action));
        }
        self.bag_hidden ^= wants(Key::I);
        self.character_open ^= wants(Key::C);
        self.help_open ^= typed_help;
        self.minimap.hidden ^= wants(Key::M);
        self.wheel.press(&pressed, game, commands);
        if wants(Key::N) {
            self.sound_on ^= true;
            commands.push(UiCommand::Sound(self.sound_on));
        }
        let taps = ctx.input(|input| self.held.follow(input));
        commands.extend(taps.into_iter().map(UiCommand::Tap));
        commands.push(UiCommand::Hold(self.held.direction()));
        if wants(Key::Enter) {
            self.chat.focus(ctx);
        }
    }

    /// Makes textures of a tileset whose pictures have arrived. Without them a text is shown;
    /// figures are drawn anyway.
    fn take_tileset(&mut self, ctx: &egui::Context, game: &mut Game) {
        let Some(pictures) = game.take_tileset() else { return };
        self.ambience.look_again();
        let Some(terrain) = game.assets().terrain() else { return };
        let tileset = &terrain.map().tileset;
        self.minimap.forget_colors();
        let mut sheet = tiles::TileSheet::default();
        // One after the other, as they are large.
        let made = pictures.files().try_for_each(|file| {
            let image = sheet::decode(file)?;
            self.minimap.color(tileset, &image);
            sheet.add(ctx, tileset, &image)
        });
        self.picture_problem = match made {
            Ok(()) => {
                self.pictures.load_tiles(sheet);
                None
            }
            Err(reason) => Some(format!("The picture of this world's tiles cannot be drawn: {reason}.")),
        };
    }

    /// Makes a texture of the figures of the world's own, or goes back to those of the client.
    fn take_looks(&mut self, ctx: &egui::Context, game: &mut Game) {
        let Some(own) = game.take_looks() else { return };
        let problem = self.pictures.load_own(ctx, own).err();
        self.looks_problem = problem.map(|reason| format!("The figures of this world cannot be drawn: {reason}."));
    }

    /// Asks for the next frame: at once while something moves, seldom while nothing does.
    fn schedule(&self, ctx: &egui::Context, game: &Game, in_world: bool) {
        let moving = in_world
            && (self.camera.moving()
                || self.ambience.moving(game.now_s())
                || game.overhead().is_moving()
                || game.surroundings().entities.keys().any(|id| game.motion(*id).is_some_and(|it| it.walking())));
        let wait_s = match (moving, in_world) {
            (true, _) => 0.0,
            (false, true) => 0.1,
            (false, false) => 0.033,
        };
        if wait_s == 0.0 { ctx.request_repaint() } else { ctx.request_repaint_after_secs(wait_s) }
    }
}
