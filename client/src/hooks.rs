//! Hooks for tests: the game's state and the widgets on screen, as JSON.
//!
//! Read-only. In the browser they are functions on `window` ([`install`]); nothing else of the
//! client uses them.

use std::sync::{Arc, Mutex};

use egui::accesskit;
use serde_json::{Value, json};

use crate::game::Game;
use crate::talk::Voice;

/// Lines of chat shown to tests.
const CHAT_LINES: usize = 50;

/// The game as a test sees it.
#[must_use]
pub fn state_json(game: &Game) -> String {
    let at = |position: Option<tilemud_schema::Position>| position.map(|at| json!({ "x": at.x, "y": at.y }));
    let entities: Vec<Value> = game
        .surroundings()
        .entities
        .values()
        .map(|entity| {
            json!({ "id": entity.id.0, "name": &*entity.name, "x": entity.x, "y": entity.y,
                    "kind": entity.kind, "look": &*entity.look })
        })
        .collect();
    let lines: Vec<_> = game.talk().lines().collect();
    let chat: Vec<Value> = lines
        .iter()
        .skip(lines.len().saturating_sub(CHAT_LINES))
        .filter_map(|line| match &line.voice {
            Voice::Person { name, .. } => Some(json!({ "from": &**name, "text": &*line.text })),
            Voice::Seen { name } => Some(json!({ "from": &**name, "seen": &*line.text })),
            Voice::Notice => None,
        })
        .collect();
    json!({
        "state": game.state().name(),
        "name": game.session().name(),
        "entity_id": game.session().entity_id().map(|id| id.0),
        "position": at(game.confirmed()),
        "predicted": at(game.predicted()),
        "entities": entities,
        "chat": chat,
        "tick": game.surroundings().tick,
        "rtt_ms": game.rtt_ms(),
        "unanswered": game.session().outbox().len(),
        "reconnects": game.session().reconnects(),
        "attempt": game.session().attempt(),
        "world": game.assets().terrain().map(|terrain| &terrain.map().name),
        "version": tilemud_schema::version(),
    })
    .to_string()
}

/// One widget on screen; the rectangle is in points (CSS pixels in the browser).
#[derive(Debug, Clone)]
struct Widget {
    role: String,
    label: String,
    rect: [f64; 4],
}

/// Keeps the newest accessibility tree of egui.
#[derive(Clone, Default)]
pub struct WidgetTree {
    widgets: Arc<Mutex<Vec<Widget>>>,
}

impl WidgetTree {
    /// The widgets of the last frame as a JSON list of `{role, label, x, y, w, h}`.
    #[must_use]
    pub fn json(&self) -> String {
        let widgets = self.widgets.lock().map(|widgets| widgets.clone()).unwrap_or_default();
        let list: Vec<Value> = widgets
            .iter()
            .map(|Widget { role, label, rect: [x, y, w, h] }| {
                json!({ "role": role, "label": label, "x": x, "y": y, "w": w, "h": h })
            })
            .collect();
        Value::from(list).to_string()
    }
}

impl egui::Plugin for WidgetTree {
    fn debug_name(&self) -> &'static str {
        "widget tree for tests"
    }

    fn setup(&mut self, ctx: &egui::Context) {
        ctx.enable_accesskit();
    }

    fn output_hook(&mut self, _ctx: &egui::Context, output: &mut egui::FullOutput) {
        let Some(update) = &output.platform_output.accesskit_update else { return };
        let found = update.nodes.iter().filter_map(|(_, node)| widget(node)).collect();
        if let Ok(mut widgets) = self.widgets.lock() {
            *widgets = found;
        }
    }
}

fn widget(node: &accesskit::Node) -> Option<Widget> {
    let rect = node.bounds()?;
    let label = node.label().or_else(|| node.value()).or_else(|| node.placeholder())?;
    Some(Widget {
        role: format!("{:?}", node.role()),
        label: label.to_owned(),
        rect: [rect.x0, rect.y0, rect.width(), rect.height()],
    })
}

/// Puts `__tilemud_state()` and `__tilemud_ui()` on the page's `window`.
#[cfg(target_arch = "wasm32")]
pub fn install(game: &std::rc::Rc<std::cell::RefCell<Game>>, tree: &WidgetTree) {
    use wasm_bindgen::prelude::*;

    let put = |name: &str, function: Closure<dyn FnMut() -> String>| {
        let Some(window) = web_sys::window() else { return };
        // The page lives as long as the program; a failure only hides the hook from tests.
        drop(js_sys::Reflect::set(&window, &name.into(), &function.into_js_value()));
    };
    let shown = std::rc::Rc::downgrade(game);
    put(
        "__tilemud_state",
        Closure::new(move || {
            let game = shown.upgrade();
            let state = game.as_ref().and_then(|game| game.try_borrow().ok().map(|game| state_json(&game)));
            state.unwrap_or_else(|| "null".to_owned())
        }),
    );
    let tree = tree.clone();
    put("__tilemud_ui", Closure::new(move || tree.json()));
}
