//! The desktop client: parses the command line, opens a window, and runs the app in it.

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;

use anyhow::Context as _;
use clap::Parser;
use tilemud_client::app::{Clock, StartOptions};
use tilemud_client::connector::Connector;
use tilemud_client::connector::native::{NativeConnector, Setup};
use tilemud_client::demo::{Demo, Scenario};
use tilemud_client::{App, Game};

/// Plays TileMUD on the desktop.
#[derive(Debug, Parser)]
#[command(name = "tilemud-client", version = tilemud_schema::version())]
struct Arguments {
    /// Address of the server.
    #[arg(long, env = "TILEMUD_SERVER", default_value = "http://127.0.0.1:8080")]
    server: String,
    /// PEM file with authorities to trust besides the public ones.
    #[arg(long, env = "TILEMUD_TLS_CA")]
    tls_ca: Option<PathBuf>,
    /// Name to play under.
    #[arg(long, env = "TILEMUD_NAME")]
    name: Option<String>,
    /// Sign in at once, without waiting for the button.
    #[arg(long)]
    auto_sign_in: bool,
    /// Play against a pretend server in this process; a scenario shows one state of the client.
    #[arg(long, num_args = 0..=1, default_missing_value = "play", value_parser = scenario)]
    demo: Option<Scenario>,
    /// Window size, points.
    #[arg(long, default_value = "1280x800", value_parser = size)]
    window: (f32, f32),
    /// Writes a picture of the window to this PNG file after --after-s seconds, then exits.
    #[arg(long)]
    screenshot: Option<PathBuf>,
    /// When the picture is taken, seconds after the start.
    #[arg(long, default_value_t = 5.0)]
    after_s: f64,
}

fn size(text: &str) -> Result<(f32, f32), String> {
    let (width, height) = text.split_once('x').ok_or("expected WIDTHxHEIGHT")?;
    let edge = |text: &str| text.parse::<f32>().map_err(|error| format!("{text:?}: {error}"));
    Ok((edge(width)?, edge(height)?))
}

fn scenario(text: &str) -> Result<Scenario, String> {
    let known = Scenario::ALL;
    known
        .iter()
        .find(|(name, _)| *name == text)
        .map(|(_, scenario)| *scenario)
        .ok_or_else(|| format!("expected one of {}", known.map(|(name, _)| name).join(", ")))
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let viewport = egui::ViewportBuilder::default()
        .with_title("TileMUD")
        .with_app_id("tilemud")
        .with_inner_size(arguments.window)
        .with_min_inner_size((480.0, 360.0));
    let options = eframe::NativeOptions { viewport, ..Default::default() };
    eframe::run_native(
        "tilemud",
        options,
        Box::new(move |creation| Ok(Box::new(start(&creation.egui_ctx, arguments)?))),
    )
    .map_err(|error| anyhow::anyhow!("{error}"))
    .context("the window could not be opened")
}

fn start(ctx: &egui::Context, arguments: Arguments) -> anyhow::Result<App> {
    let clock = Clock::default();
    let wake = ctx.clone();
    let connector: Box<dyn Connector> = match arguments.demo {
        Some(scenario) => Box::new({
            ctx.on_end_pass("demo", std::sync::Arc::new(|ui| ui.ctx().request_repaint_after_secs(0.03)));
            Demo::new(Rc::new(move || clock.now_s()), scenario)
        }),
        None => Box::new(
            NativeConnector::start(
                Setup { authorities: arguments.tls_ca, ..Setup::new(arguments.server) },
                move || wake.request_repaint(),
            )
            .context("the network could not be set up")?,
        ),
    };
    let game = Rc::new(RefCell::new(Game::new(connector, tilemud_client::app::random)));
    if let Some(file) = arguments.screenshot {
        ctx.add_plugin(Screenshot { file: Some(file), after_s: arguments.after_s });
    }
    let options =
        StartOptions { name: arguments.name, auto_sign_in: arguments.auto_sign_in, ..StartOptions::default() };
    Ok(App::new(ctx, game, clock, options))
}

/// Takes one picture of the window and closes it.
struct Screenshot {
    file: Option<PathBuf>,
    after_s: f64,
}

impl egui::Plugin for Screenshot {
    fn debug_name(&self) -> &'static str {
        "screenshot"
    }

    fn on_end_pass(&mut self, ui: &mut egui::Ui) {
        let ctx = ui.ctx().clone();
        ctx.request_repaint_after_secs(0.1);
        if ctx.time() < self.after_s {
            return;
        }
        let Some(file) = self.file.take() else { return };
        let closing = ctx.clone();
        ctx.request_screenshot(move |image| {
            if let Err(error) = write_png(&file, &image) {
                eprintln!("{}: {error}", file.display());
            }
            closing.send_viewport_cmd(egui::ViewportCommand::Close);
        });
    }
}

fn write_png(file: &std::path::Path, image: &egui::ColorImage) -> anyhow::Result<()> {
    let [width, height] = image.size;
    let mut encoder = png::Encoder::new(std::fs::File::create(file)?, u32::try_from(width)?, u32::try_from(height)?);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let bytes: Vec<u8> = image.pixels.iter().flat_map(|pixel| pixel.to_array()).collect();
    encoder.write_header()?.write_image_data(&bytes)?;
    Ok(())
}
