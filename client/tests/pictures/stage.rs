//! A client before the pretend server on a clock of its own, drawn by the software Vulkan driver,
//! so that the same picture comes out of every machine.

use std::cell::{Cell, RefCell};
use std::path::Path;
use std::rc::Rc;

use egui::{Event, Key, Rect, UiBuilder, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use egui_kittest::{Harness, SnapshotOptions};
use tilemud_client::Game;
use tilemud_client::demo::{Demo, Scenario, Shared};
use tilemud_client::view::{UiCommand, View, theme};

/// Size of every picture, points and pixels.
const SIZE: egui::Vec2 = vec2(640.0, 400.0);
/// Width of a wide letter where the version stands, as a part of its line's height.
const LETTER: f32 = 0.5;
/// Where text at the right ends at most.
const RIGHT: f32 = SIZE.x - 12.0;
/// Seconds between frames.
const FRAME_S: f64 = 0.05;
/// Where drivers for Vulkan announce themselves.
const DRIVERS: [&str; 3] = ["/usr/share/vulkan/icd.d", "/usr/local/share/vulkan/icd.d", "/etc/vulkan/icd.d"];

/// The client and the clock it lives on.
struct Client {
    game: Game,
    view: Option<View>,
    clock: Rc<Cell<f64>>,
}

impl Client {
    fn frame(&mut self, ui: &mut egui::Ui) {
        self.clock.set(self.clock.get() + FRAME_S);
        self.game.advance(self.clock.get(), FRAME_S);
        let view = self.view.get_or_insert_with(|| View::new(ui.ctx(), String::new()));
        for command in view.show(ui, &mut self.game, FRAME_S) {
            match command {
                UiCommand::Say(line) => self.game.say(&line),
                UiCommand::Tap(direction) => self.game.tap(direction),
                UiCommand::Want(intent) => self.game.want(intent),
                _ => {}
            }
        }
        self.game.steer();
    }
}

/// A client that pictures are taken of.
pub struct Stage {
    harness: Harness<'static, Client>,
    demo: Rc<RefCell<Demo>>,
}

impl Stage {
    /// A client that is not signed in.
    pub fn new(scenario: Scenario) -> Self {
        assert!(
            DRIVERS.iter().any(|folder| has_lavapipe(Path::new(folder))),
            "pictures are drawn by lavapipe, which is not here: install the Debian package mesa-vulkan-drivers"
        );
        let clock = Rc::new(Cell::new(0.0));
        let seen = clock.clone();
        let demo = Rc::new(RefCell::new(Demo::new(Rc::new(move || seen.get()), scenario)));
        let client = Client { game: Game::new(Box::new(Shared(demo.clone())), || 0.5), view: None, clock };
        let harness = Harness::builder()
            .with_size(SIZE)
            .with_step_dt(FRAME_S as f32)
            .with_options(SnapshotOptions::new().output_path("tests/pictures/snapshots"))
            .build_ui_state(
                |ui, client: &mut Client| {
                    // All of the window on the app's clear colour; the harness would leave a
                    // margin.
                    let screen = ui.ctx().content_rect();
                    ui.scope_builder(UiBuilder::new().max_rect(screen), |ui| {
                        ui.painter().rect_filled(screen, 0, theme::NIGHT);
                        client.frame(ui);
                    });
                },
                client,
            );
        Self { harness, demo }
    }

    /// A client some time after it signed in as Robin.
    pub fn signed_in(scenario: Scenario, seconds: f64) -> Self {
        let mut stage = Self::new(scenario);
        stage.game().sign_in("Robin");
        stage.run(seconds);
        stage
    }

    pub fn run(&mut self, seconds: f64) {
        self.harness.run_steps((seconds / FRAME_S).round() as usize);
    }

    /// Lets time pass without drawing, which takes less of it.
    pub fn wait(&mut self, seconds: f64) {
        let client = self.harness.state_mut();
        for _ in 0..(seconds / FRAME_S).round() as usize {
            client.clock.set(client.clock.get() + FRAME_S);
            client.game.pump(client.clock.get());
        }
    }

    /// The game behind the picture.
    pub fn game(&mut self) -> &mut Game {
        &mut self.harness.state_mut().game
    }

    pub fn demo(&self) -> std::cell::RefMut<'_, Demo> {
        self.demo.borrow_mut()
    }

    /// The session state's name in the specification.
    pub fn state(&self) -> &'static str {
        self.harness.state().game.state().name()
    }

    /// Presses and lets go of a key.
    pub fn press(&mut self, key: Key) {
        self.harness.key_press(key);
        self.harness.step();
    }

    /// Types into what has the keyboard.
    pub fn type_text(&mut self, text: &str) {
        self.harness.event(Event::Text(text.to_owned()));
        self.harness.step();
    }

    /// Covers this build's version, which is another one with every change of the wire, and nothing
    /// beside it.
    pub fn hide_version(&mut self) {
        let version = tilemud_schema::version();
        let nodes = self.harness.get_all_by_label_contains(version);
        let labels: Vec<(Rect, String)> =
            nodes.map(|node| (node.rect(), node.accesskit_node().value().unwrap_or_default())).collect();
        assert!(!labels.is_empty(), "the version is nowhere on the screen");
        for (rect, text) in labels {
            let (lines, last) = (text.lines().count().max(1), text.lines().last().unwrap_or(version));
            // It stands in the last line of its label. How wide it is differs by a few points, so
            // what covers it is as wide as so many letters can be, from where the text is held. At
            // the right its end is where it is rounded to.
            let height = rect.height() / lines as f32;
            let width = last.chars().count() as f32 * height * LETTER;
            let held_right = rect.right() > SIZE.x - 20.0;
            let held_left = !held_right && (rect.center().x - SIZE.x / 2.0).abs() > 2.0;
            let left = match (held_left, held_right) {
                (true, _) => rect.left(),
                (_, true) => RIGHT - width,
                _ => SIZE.x / 2.0 - width / 2.0,
            };
            self.harness.mask(Rect::from_x_y_ranges(left..=left + width, rect.bottom() - height..=rect.bottom()));
        }
    }

    /// Compares what is on the screen with the picture of this name.
    pub fn compare(&mut self, picture: &str) {
        self.harness.snapshot(picture);
    }
}

fn has_lavapipe(folder: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("lvp_icd"))
}
