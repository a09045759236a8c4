//! The browser shell: connects the client to the page. The session lives here for as long as the
//! page does; drawing starts in a canvas, and again in another one when the graphics context of the
//! first is lost.
//!
//! Everything else is in `tilemud-client`; what the page does without the program (words when it
//! cannot start or has stopped) is in `index.html`. A crate of its own so that the bundle is a
//! plain cdylib.

#[cfg(target_arch = "wasm32")]
mod shell {
    use std::cell::{Cell, OnceCell, RefCell};
    use std::rc::{Rc, Weak};

    use eframe::{WebOptions, WebRunner};
    use tilemud_client::app::{Clock, StartOptions};
    use tilemud_client::connector::place::Home;
    use tilemud_client::connector::web::WebConnector;
    use tilemud_client::hooks::{self, WidgetTree};
    use tilemud_client::sign_in::page::{self, Arrival};
    use tilemud_client::{App, Game};
    use wasm_bindgen::prelude::*;

    thread_local! {
        /// The one client of this page.
        static SHELL: OnceCell<Rc<Shell>> = const { OnceCell::new() };
    }

    /// What outlives a picture.
    struct Shell {
        game: Rc<RefCell<Game>>,
        clock: Clock,
        tree: WidgetTree,
        runner: WebRunner,
        /// The context of the picture there is.
        ctx: Rc<RefCell<Option<egui::Context>>>,
        arrived: Cell<bool>,
    }

    /// Starts the client in the canvas with this id. Resolves once the first frame can be drawn.
    /// Called again with another canvas, it goes on in that one: the session and what is typed stay
    /// as they are.
    ///
    /// # Errors
    /// No such canvas, or no WebGL.
    #[wasm_bindgen]
    pub async fn start(canvas_id: String) -> Result<(), JsValue> {
        let window = web_sys::window().ok_or("no window")?;
        let document = window.document().ok_or("no document")?;
        let canvas = document
            .get_element_by_id(&canvas_id)
            .and_then(|element| element.dyn_into::<web_sys::HtmlCanvasElement>().ok())
            .ok_or("no such canvas")?;
        let location = window.location();
        let home = Home::new(&location.origin()?, &location.pathname()?);
        let shell = SHELL.with(|shell| shell.get_or_init(|| Rc::new(Shell::new(home))).clone());
        shell.draw_in(canvas).await
    }

    /// Time passed. The page calls this on a clock that also runs while it is hidden and nothing is
    /// drawn.
    #[wasm_bindgen]
    pub fn beat() {
        with_game(|game, now_s| game.pump(now_s));
    }

    /// The page is looked at again.
    #[wasm_bindgen]
    pub fn wake() {
        with_game(|game, _| game.wake());
    }

    /// The device has a network again, or none any more.
    #[wasm_bindgen]
    pub fn network(is_there: bool) {
        with_game(|game, _| game.network(is_there));
    }

    /// The message of a panic with its backtrace.
    #[wasm_bindgen]
    pub fn last_words() -> Option<String> {
        let summary = SHELL.with(|shell| shell.get().and_then(|shell| shell.runner.panic_summary()))?;
        Some(format!("{}\n{}", summary.message(), summary.callstack()))
    }

    /// The build, for reports.
    #[wasm_bindgen]
    pub fn version() -> String {
        tilemud_client::build().to_owned()
    }

    fn with_game(act: impl FnOnce(&mut Game, f64)) {
        let Some(shell) = SHELL.with(|shell| shell.get().cloned()) else { return };
        // Busy only while a frame is under way, which does the same.
        if let Ok(mut game) = shell.game.try_borrow_mut() {
            act(&mut game, shell.clock.now_s());
            page::note_playing(game.returning_player());
        }
        shell.repaint();
    }

    impl Shell {
        fn new(home: Home) -> Self {
            console_error_panic_hook::set_once();
            let clock = Clock::default();
            let ctx = Rc::default();
            let (game, tree) = (connect(&ctx, home, clock), WidgetTree::default());
            hooks::install(&game, &tree);
            Self { game, clock, tree, runner: WebRunner::new(), ctx, arrived: Cell::new(false) }
        }

        async fn draw_in(self: Rc<Self>, canvas: web_sys::HtmlCanvasElement) -> Result<(), JsValue> {
            // Of the picture that is gone, what the player had typed and opened goes on.
            let options = match self.runner.app_mut::<App>() {
                Some(mut app) => app.carry_on(),
                None => StartOptions::default(),
            };
            let shell = self.clone();
            let created = move |creation: &eframe::CreationContext<'_>| -> Box<dyn eframe::App> {
                let ctx = &creation.egui_ctx;
                ctx.add_plugin(shell.tree.clone());
                shell.ctx.replace(Some(ctx.clone()));
                if !shell.arrived.replace(true) {
                    shell.arrive();
                }
                shell.game.borrow_mut().draw_anew();
                Box::new(App::new(ctx, shell.game.clone(), shell.clock, options))
            };
            self.runner.start(canvas, WebOptions::default(), Box::new(move |creation| Ok(created(creation)))).await
        }

        fn arrive(&self) {
            let mut game = self.game.borrow_mut();
            let arrival = page::arrive();
            if !matches!(arrival, Arrival::Fresh) {
                game.resume_session(page::session());
            }
            match arrival {
                Arrival::Fresh => {}
                Arrival::Back(pending, query) => game.resume_sign_in(pending.as_ref(), &query),
                Arrival::Again(name) => game.sign_in_again(&name),
            }
        }

        fn repaint(&self) {
            if let Some(ctx) = &*self.ctx.borrow() {
                ctx.request_repaint();
            }
        }
    }

    /// A game whose connector pumps it from the network's own events, so that a hidden tab, which
    /// gets no frames, keeps up.
    fn connect(ctx: &Rc<RefCell<Option<egui::Context>>>, home: Home, clock: Clock) -> Rc<RefCell<Game>> {
        let slot: Rc<OnceCell<Weak<RefCell<Game>>>> = Rc::default();
        let (game_of, ctx) = (slot.clone(), ctx.clone());
        let wake = Rc::new(move || {
            if let Some(game) = game_of.get().and_then(Weak::upgrade)
                && let Ok(mut game) = game.try_borrow_mut()
            {
                game.pump(clock.now_s());
                page::note_playing(game.returning_player());
            }
            if let Some(ctx) = &*ctx.borrow() {
                ctx.request_repaint();
            }
        });
        let game = Game::new(Box::new(WebConnector::new(home, wake)), tilemud_client::app::random);
        let game = Rc::new(RefCell::new(game));
        drop(slot.set(Rc::downgrade(&game)));
        game
    }
}
