//! Everything that is drawn. Reads the game, changes nothing of it: what the player wants comes
//! back as [`UiCommand`]s, which the app applies after drawing.

mod away;
mod badge;
mod camera;
mod chat;
mod figures;
mod hands;
mod help;
mod keys;
mod minimap;
mod nearby;
mod overlay;
mod scene;
mod sheet;
mod sign_in;
#[cfg(test)]
mod tests;
pub mod theme;
mod title;

use tilemud_schema::{Action, Direction};

use crate::game::Game;
use crate::session::SessionState;
use camera::Camera;
use sheet::Pictures;

/// A wish of the player.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UiCommand {
    /// Sign in under this name.
    SignIn(String),
    /// Sign in at the provider; the name is for a new character and may be empty.
    SignInAtProvider(String),
    /// Try to connect again now.
    Retry,
    /// End the session.
    LogOut,
    /// Go to the sign-in form.
    Leave,
    /// Say this typed line.
    Say(String),
    /// This direction key is down, or none.
    Hold(Option<Direction>),
    /// A direction key went down.
    Tap(Direction),
    /// Walk to a tile.
    WalkTo((i32, i32)),
    /// Do something with what is around or carried.
    Do(Action),
    /// Get the current build.
    Reload,
}

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
    walking_key: Option<Direction>,
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
            walking_key: None,
        }
    }

    /// Draws one frame and says what the player wants.
    pub fn show(&mut self, ui: &mut egui::Ui, game: &mut Game, dt_s: f64) -> Vec<UiCommand> {
        let mut commands = Vec::new();
        let ctx = ui.ctx().clone();
        // A broken picture leaves the world without one; figures and words are still there.
        if let Some(image) = game.take_tileset().and_then(|png| sheet::decode(&png)) {
            if let Some(terrain) = game.assets().terrain() {
                self.minimap.make(&ctx, terrain, &image);
            }
            self.pictures.load_tileset(&ctx, image);
        }
        let state = game.state();
        let in_world = game.own_motion().is_some() && !matches!(state, SessionState::SignIn { .. });
        if in_world {
            let lens = self.camera.follow(ui, game, dt_s);
            scene::show(ui, game, &self.pictures, &lens, &mut commands);
            self.chat.show(&ctx, game, &mut commands);
            // On a small screen there is room for one of them.
            if !self.overlay_open || ctx.content_rect().height() > overlay::ROOM {
                nearby::show(&ctx, game, &self.minimap, &lens);
            }
            if self.overlay_open {
                overlay::show(&ctx, game);
            }
            let bag_open = !self.bag_hidden && !self.overlay_open;
            hands::show(&ctx, game, &self.pictures, &lens, bag_open, &mut commands);
            keys::read(&ctx, self, game, &mut commands);
        } else {
            let lens = self.camera.wander(ui, game);
            scene::backdrop(ui, game, &self.pictures, &lens);
            self.sign_in.show(&ctx, game, &state, &mut commands);
        }
        badge::show(&ctx, game, &state, in_world, &mut commands);
        if self.help_open && in_world {
            help::show(&ctx, &mut self.help_open);
        }
        self.schedule(&ctx, game, in_world);
        commands
    }

    /// Asks for the next frame: at once while something moves, seldom while nothing does.
    fn schedule(&self, ctx: &egui::Context, game: &Game, in_world: bool) {
        let moving = in_world
            && (self.camera.moving()
                || game.surroundings().entities.keys().any(|id| game.motion(*id).is_some_and(|it| it.walking())));
        let wait_s = match (moving, in_world) {
            (true, _) => 0.0,
            (false, true) => 0.1,
            (false, false) => 0.033,
        };
        if wait_s == 0.0 { ctx.request_repaint() } else { ctx.request_repaint_after_secs(wait_s) }
    }
}
