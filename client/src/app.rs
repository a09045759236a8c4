//! The eframe application, the same natively and in the browser: keeps the clock, pumps the game,
//! lets the view draw, and applies the commands the view gives back.

use std::cell::RefCell;
use std::rc::Rc;

use web_time::Instant;

use crate::game::Game;
use crate::session::{ConnectStep, SessionState};
use crate::settings;
use crate::sound::Speaker;
use crate::view::{Kept, UiCommand, View};

/// Longest time between two checks of what is due, seconds.
const PULSE_S: f32 = 0.5;

/// What a start can ask for.
#[derive(Debug, Clone, Default)]
pub struct StartOptions {
    /// Name to sign in with instead of the remembered one.
    pub name: Option<String>,
    /// Signs in without waiting for the player.
    pub auto_sign_in: bool,
    /// State that an earlier picture of the same game hands over.
    pub kept: Option<Kept>,
}

pub struct App {
    game: Rc<RefCell<Game>>,
    view: View,
    speaker: Speaker,
    clock: Clock,
    last_frame_s: f64,
    at_provider: bool,
    focused: bool,
}

/// Seconds since the start.
#[derive(Debug, Clone, Copy)]
pub struct Clock(Instant);

impl Default for Clock {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Clock {
    /// Seconds since the start.
    #[must_use]
    pub fn now_s(&self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}

impl App {
    /// An application over a game that the caller keeps a handle to.
    pub fn new(ctx: &egui::Context, game: Rc<RefCell<Game>>, clock: Clock, options: StartOptions) -> Self {
        let named = options.name.is_some();
        let name = options.name.unwrap_or_else(settings::remembered_name);
        if options.auto_sign_in {
            game.borrow_mut().sign_in_somehow(&name);
        }
        let mut view = View::new(ctx, name);
        if let Some(kept) = options.kept {
            view.restore(kept);
        }
        let speaker = Speaker::new(settings::is_sound_on(), settings::music_percent());
        (view.sound_on, view.music_percent) = (speaker.on, speaker.music_percent);
        if named {
            ctx.request_repaint();
        }
        Self { game, view, speaker, clock, last_frame_s: 0.0, at_provider: false, focused: false }
    }

    /// The state with which a new picture of the same game goes on.
    #[must_use]
    pub fn carry_on(&mut self) -> StartOptions {
        StartOptions { kept: Some(self.view.keep()), ..StartOptions::default() }
    }

    /// Brings the window to the front when its player is back from the provider.
    fn welcome_back(&mut self, ctx: &egui::Context) {
        let state = self.game.borrow().state();
        let at_provider = state == SessionState::Connecting { step: ConnectStep::AtProvider };
        let signing_in = state == SessionState::Connecting { step: ConnectStep::SigningIn };
        if std::mem::replace(&mut self.at_provider, at_provider) && signing_in {
            ctx.send_viewport_cmd(egui::ViewportCommand::Focus);
        }
    }

    fn apply(&mut self, command: UiCommand, ctx: &egui::Context) {
        let mut game = self.game.borrow_mut();
        match command {
            UiCommand::SignIn(name) => {
                settings::remember_name(&name);
                game.sign_in(&name);
            }
            UiCommand::SignInAtProvider(name) => {
                settings::remember_name(&name);
                game.sign_in_at_provider(&name);
            }
            UiCommand::Retry => game.retry(),
            UiCommand::LogOut => game.log_out(),
            UiCommand::Leave => game.leave(),
            UiCommand::Say(line) => game.say(&line),
            UiCommand::Hold(direction) => game.hold(direction),
            UiCommand::Tap(direction) => game.tap(direction),
            UiCommand::WalkTo(tile) => game.walk_to(tile),
            UiCommand::Do(action) => game.act(action),
            UiCommand::Want(intent) => game.want(intent),
            UiCommand::Sound(on) => {
                settings::remember_sound(on);
                self.speaker.on = on;
            }
            UiCommand::Music(percent) => {
                settings::remember_music(percent);
                self.speaker.music_percent = percent;
            }
            UiCommand::Reload => reload(ctx),
        }
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        // Also called while hidden, where no frame is drawn and nothing else asks for the next one.
        self.game.borrow_mut().pump(self.clock.now_s());
        ctx.request_repaint_after_secs(PULSE_S);
        let focused = ctx.input(|input| input.focused);
        if focused && !std::mem::replace(&mut self.focused, focused) {
            self.game.borrow_mut().wake();
        }
        self.focused = focused;
        self.welcome_back(ctx);
        #[cfg(target_arch = "wasm32")]
        crate::sign_in::page::note_playing(self.game.borrow().returning_player());
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let now_s = self.clock.now_s();
        let dt_s = now_s - self.last_frame_s;
        self.last_frame_s = now_s;
        self.game.borrow_mut().advance(now_s, dt_s);
        let commands = self.view.show(ui, &mut self.game.borrow_mut(), dt_s);
        let ctx = ui.ctx().clone();
        for command in commands {
            self.apply(command, &ctx);
        }
        let mut game = self.game.borrow_mut();
        game.steer();
        self.speaker.play(&game.take_noises());
        if ctx.input(|input| input.pointer.any_pressed() || !input.keys_down.is_empty()) {
            self.speaker.touched();
        }
        let music = self.view.music().filter(|_| self.speaker.plays_music());
        let piece = music.and_then(|path| game.music(path));
        self.speaker.follow(piece.as_ref(), dt_s);
    }

    fn raw_input_hook(&mut self, ctx: &egui::Context, input: &mut egui::RawInput) {
        if self.view.pace(input) {
            ctx.request_repaint();
        }
    }

    fn clear_color(&self, _visuals: &egui::Visuals) -> [f32; 4] {
        crate::view::theme::NIGHT.to_normalized_gamma_f32()
    }

    #[cfg(target_arch = "wasm32")]
    fn as_any_mut(&mut self) -> Option<&mut dyn std::any::Any> {
        Some(&mut *self)
    }
}

/// Gets the build that fits the server: a reload in the browser; natively the player must do it.
#[cfg(target_arch = "wasm32")]
fn reload(_ctx: &egui::Context) {
    if let Some(window) = web_sys::window() {
        drop(window.location().reload());
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn reload(ctx: &egui::Context) {
    ctx.send_viewport_cmd(egui::ViewportCommand::Close);
}

/// A random number in `0.0..1.0` from the platform's own source; good enough to spread reconnects.
#[must_use]
pub fn random() -> f64 {
    (uuid::Uuid::new_v4().as_u128() >> 75) as f64 / (1_u64 << 53) as f64
}
