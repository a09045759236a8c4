//! The browser shell: finds the canvas, connects the client to the page, starts it.
//!
//! Everything else is in `tilemud-client`. A crate of its own so that the bundle is a plain cdylib.

#[cfg(target_arch = "wasm32")]
mod shell {
    use std::cell::{OnceCell, RefCell};
    use std::rc::{Rc, Weak};

    use eframe::{WebOptions, WebRunner};
    use tilemud_client::app::{Clock, StartOptions};
    use tilemud_client::connector::place::Home;
    use tilemud_client::connector::web::WebConnector;
    use tilemud_client::hooks::{self, WidgetTree};
    use tilemud_client::sign_in::page::{self, Arrival};
    use tilemud_client::{App, Game};
    use wasm_bindgen::prelude::*;

    /// Starts the client in the canvas with this id. Resolves once the first frame can be drawn.
    ///
    /// # Errors
    /// No such canvas, or no WebGL.
    #[wasm_bindgen]
    pub async fn start(canvas_id: String) -> Result<(), JsValue> {
        console_error_panic_hook::set_once();
        let window = web_sys::window().ok_or("no window")?;
        let document = window.document().ok_or("no document")?;
        let canvas = document
            .get_element_by_id(&canvas_id)
            .and_then(|element| element.dyn_into::<web_sys::HtmlCanvasElement>().ok())
            .ok_or("no such canvas")?;
        let location = window.location();
        let home = Home::new(&location.origin()?, &location.pathname()?);
        let clock = Clock::default();

        WebRunner::new()
            .start(
                canvas,
                WebOptions::default(),
                Box::new(move |creation| {
                    let ctx = &creation.egui_ctx;
                    let game = connect(ctx, home, clock);
                    match page::arrive() {
                        Arrival::Fresh => {}
                        Arrival::Back(pending, query) => game.borrow_mut().resume_sign_in(pending.as_ref(), &query),
                        Arrival::Again(name) => game.borrow_mut().sign_in_again(&name),
                    }
                    let tree = WidgetTree::default();
                    ctx.add_plugin(tree.clone());
                    hooks::install(&game, &tree);
                    Ok(Box::new(App::new(ctx, game, clock, StartOptions::default())))
                }),
            )
            .await
    }

    /// A game whose connector pumps it from the network's own events, so that a hidden tab, which
    /// gets no frames, keeps up.
    fn connect(ctx: &egui::Context, home: Home, clock: Clock) -> Rc<RefCell<Game>> {
        let slot: Rc<OnceCell<Weak<RefCell<Game>>>> = Rc::default();
        let (game_of, ctx) = (slot.clone(), ctx.clone());
        let wake = Rc::new(move || {
            if let Some(game) = game_of.get().and_then(Weak::upgrade)
                && let Ok(mut game) = game.try_borrow_mut()
            {
                game.pump(clock.now_s());
            }
            ctx.request_repaint();
        });
        let game = Game::new(Box::new(WebConnector::new(home, wake)), tilemud_client::app::random);
        let game = Rc::new(RefCell::new(game));
        drop(slot.set(Rc::downgrade(&game)));
        game
    }
}
