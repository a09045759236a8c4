//! Precedence, the refusals and their messages, and that the help tells the truth about the table.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::time::Duration;

use clap::error::ErrorKind;
use secrecy::ExposeSecret as _;
use tilemud_net::proxy::ForwardedHeader;
use tilemud_schema::IntentClass;

use super::settings::{FIELDS, SETTINGS, Shape};
use super::{Config, ConfigError, LogFormat, cli};

/// Flags after `tilemud serve`, variables as `NAME=value`, and the text of the file that
/// `--config f.toml` names.
fn load(flags: &[&str], env: &[&str], file: &str) -> Result<Config, ConfigError> {
    let args = ["tilemud", "serve"].iter().chain(flags).map(OsString::from);
    let env = env.iter().map(|pair| {
        let (name, value) = pair.split_once('=').expect("NAME=value");
        (OsString::from(name), OsString::from(value))
    });
    let files = BTreeMap::from([(Path::new("f.toml"), file)]);
    let read = |path: &Path| files.get(path).map(|text| (*text).to_owned()).ok_or(io::ErrorKind::NotFound.into());
    Config::load(args, env, read)
}

fn refusal(flags: &[&str], env: &[&str], file: &str) -> String {
    let error = load(flags, env, file).expect_err("this configuration is bad");
    assert_eq!(error.exit_code(), 2, "{error}");
    error.to_string()
}

#[test]
fn defaults_are_those_of_the_protocol() {
    let config = load(&["--dev-issuer"], &[], "").unwrap();
    assert_eq!(config.network.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.storage.data_dir, Path::new("./tilemud-data"));
    assert_eq!(config.storage.database_url.expose_secret(), "sqlite:./tilemud-data/tilemud.db");
    assert!(
        config.storage.redis_url.is_none()
            && config.world.map.is_none()
            && config.network.tls().is_none()
            && config.sign_in.oidc().is_none()
    );
    assert_eq!((config.world.tick_hz, config.world.delta_hz, config.world.delta_every_ticks()), (20, 20, 1));
    assert_eq!(config.sessions.max, 1000);
    assert_eq!(
        (config.sessions.inactivity_timeout_s, config.sessions.reconnect_window_s, config.sessions.ticket_ttl_s),
        (600, 60, 30)
    );
    let limited = [IntentClass::Move, IntentClass::Chat, IntentClass::Action];
    assert_eq!(limited.map(|class| config.sessions.intents.per_s[class]), [20, 5, 10]);
    assert_eq!((config.sessions.sign_in_per_s.get(), config.sessions.connect_per_s.get()), (200, 200));
    assert_eq!(config.sessions.accept_version, tilemud_schema::version());
    assert!(config.sign_in.dev_issuer && config.network.allowed_origins.is_empty());
    assert_eq!(config.log.format, LogFormat::Auto);
    assert_eq!((config.log.dir, config.log.filter.as_str()), (None, "info"));
}

#[test]
fn flag_wins_over_environment_over_file_over_default() {
    let file = "dev_issuer = true\ntick_hz = 30\nchat-per-s = 7\nmax_sessions = 50\n";
    let env = ["TILEMUD_TICK_HZ=40", "TILEMUD_MAX_SESSIONS=60", "PATH=/bin"];
    let config = load(&["--config", "f.toml", "--tick-hz", "50"], &env, file).unwrap();
    assert_eq!(
        (config.world.tick_hz, config.sessions.max, config.sessions.intents.per_s[IntentClass::Chat]),
        (50, 60, 7)
    );
    let config = load(&[], &["TILEMUD_CONFIG=f.toml"], file).unwrap();
    assert_eq!(
        (config.world.tick_hz, config.sessions.max, config.sessions.intents.per_s[IntentClass::Chat]),
        (30, 50, 7)
    );
}

#[test]
fn a_switch_can_be_turned_off_again_by_a_stronger_source() {
    let oidc = ["--oidc-issuer=https://id.example.org", "--oidc-audience=tilemud"];
    assert!(load(&oidc, &["TILEMUD_DEV_ISSUER=1"], "").unwrap().sign_in.dev_issuer);
    let off = [&oidc[..], &["--dev-issuer=false"]].concat();
    assert!(!load(&off, &["TILEMUD_DEV_ISSUER=1"], "").unwrap().sign_in.dev_issuer);
}

#[test]
fn the_client_for_players_asks_for_openid_unless_told_otherwise() {
    let oidc = ["--oidc-issuer=https://id.example.org", "--oidc-audience=tilemud"];
    assert_eq!(load(&oidc, &[], "").unwrap().sign_in.player_client(), None);
    let game = [&oidc[..], &["--oidc-client-id=game"]].concat();
    let client = load(&game, &[], "").unwrap().sign_in.player_client().unwrap();
    assert_eq!((client.client_id.as_str(), client.scope.as_str(), client.resource), ("game", "openid", None));
    let env = ["TILEMUD_OIDC_SCOPE=openid play", "TILEMUD_OIDC_RESOURCE=urn:tilemud"];
    let client = load(&game, &env, "").unwrap().sign_in.player_client().unwrap();
    assert_eq!((client.scope.as_str(), client.resource.as_deref()), ("openid play", Some("urn:tilemud")));
}

#[test]
fn lists_come_from_repeated_flags_commas_or_an_array() {
    let expected = ["https://a.example", "http://b.example:81"].map(|origin| origin.parse().unwrap());
    let flags = ["--dev-issuer", "--allowed-origin", "https://a.example", "--allowed-origin", "http://B.example:81"];
    assert_eq!(load(&flags, &[], "").unwrap().network.allowed_origins, expected);
    let env = ["TILEMUD_DEV_ISSUER=true", "TILEMUD_ALLOWED_ORIGIN=https://a.example, http://b.example:81"];
    assert_eq!(load(&[], &env, "").unwrap().network.allowed_origins, expected);
    let file = "dev_issuer = true\nallowed_origin = [\"https://a.example\", \"http://b.example:81\"]";
    assert_eq!(load(&["--config=f.toml"], &[], file).unwrap().network.allowed_origins, expected);
}

#[test]
fn proxies_and_the_public_address_are_taken_in_one_form() {
    let none = load(&["--dev-issuer"], &[], "").unwrap().network.proxies();
    assert!(none.trusted.is_empty() && none.public_url.is_none());
    let flags =
        ["--dev-issuer", "--trusted-proxy", "10.0.0.0/8", "--trusted-proxy", "::1", "--public-url", "https://X/game"];
    let given = load(&flags, &[], "").unwrap().network.proxies();
    assert!(given.trusts("10.9.9.9".parse().unwrap()) && given.trusts("::1".parse().unwrap()));
    assert!(!given.trusts("127.0.0.1".parse().unwrap()));
    assert_eq!(given.public_url.unwrap().to_string(), "https://x/game/");
    let env =
        ["TILEMUD_DEV_ISSUER=true", "TILEMUD_TRUSTED_PROXY=127.0.0.1, fd00::/8", "TILEMUD_PUBLIC_URL=http://x:81/"];
    let given = load(&[], &env, "").unwrap().network.proxies();
    assert!(given.trusts("::ffff:127.0.0.1".parse().unwrap()) && given.trusts("fd12::1".parse().unwrap()));
    assert_eq!(given.public_url.unwrap().to_string(), "http://x:81/");
    for (name, header) in [
        ("either", ForwardedHeader::Either),
        ("forwarded", ForwardedHeader::Forwarded),
        ("x-forwarded", ForwardedHeader::XForwarded),
    ] {
        let given = load(&["--dev-issuer", "--forwarded-header", name], &[], "").unwrap().network.proxies();
        assert_eq!(given.header, header);
    }
}

#[test]
fn the_embedded_store_follows_the_data_folder() {
    let config = load(&["--dev-issuer", "--data-dir", "/srv/game"], &[], "").unwrap();
    assert_eq!(config.storage.database_url.expose_secret(), "sqlite:/srv/game/tilemud.db");
}

#[test]
fn maps_of_every_ending_of_tiled_are_taken_and_places_may_be_left_of_the_middle_of_a_map() {
    for map in ["a.tmx", "a.TMJ", "a.json", "a.json.gz", "a.xml", "a.tmx.gz"] {
        let config = load(&["--dev-issuer", "--world", map, "--spawn=-5,3"], &[], "").unwrap();
        assert_eq!((config.world.map, config.world.spawn), (Some(map.into()), Some((-5, 3))));
    }
}

#[test]
fn deltas_may_be_rarer_than_ticks() {
    let config = load(&["--dev-issuer", "--tick-hz=60", "--delta-hz=20"], &[], "").unwrap();
    assert_eq!((config.world.delta_hz, config.world.delta_every_ticks()), (20, 3));
    // Without its own value it follows the tick rate, also a low one.
    assert_eq!(load(&["--dev-issuer", "--tick-hz=7"], &[], "").unwrap().world.delta_hz, 7);
}

#[test]
fn variables_of_the_developer_commands_are_not_settings() {
    load(&["--dev-issuer"], &["TILEMUD_BIN=x", "TILEMUD_LONG=1", "TILEMUD_TEST_ANYTHING=", "OTHER=\u{1}"], "").unwrap();
}

#[test]
fn empty_variables_are_unset_and_addresses_of_services_are_not_settings() {
    let env =
        ["TILEMUD_TICK_HZ=", "TILEMUD_CONFIG= ", "TILEMUD_PORT=tcp://10.0.0.1:80", "TILEMUD_X_SERVICE_HOST=10.0.0.1"];
    let config = load(&["--dev-issuer"], &env, "").unwrap();
    assert_eq!(config.world.tick_hz, 20);
    let [services, empty] = &*config.sources.notices else { panic!("{:?}", config.sources.notices) };
    assert!(services.contains("TILEMUD_PORT, TILEMUD_X_SERVICE_HOST"), "{services}");
    assert!(empty.contains("TILEMUD_TICK_HZ, TILEMUD_CONFIG"), "{empty}");
    assert!(refusal(&["--dev-issuer"], &["TILEMUD_PORT=8080"], "").contains("TILEMUD_PORT: no setting has this name"));
}

#[test]
fn a_secret_may_stand_in_a_file_and_the_stronger_source_wins() {
    let url = "--database-url=postgres://me@db/game";
    let config = load(&["--dev-issuer", url, "--database-password-file=f.toml"], &[], "hunter2 \r\n").unwrap();
    assert_eq!(config.storage.database_password.unwrap().expose_secret(), "hunter2 ");
    assert_eq!(config.sources.secret_files, [Path::new("f.toml")]);
    let env = ["TILEMUD_REDIS_URL_FILE=f.toml"];
    let config = load(&["--dev-issuer", "--redis-url=redis://flag"], &env, "redis://file").unwrap();
    assert_eq!(config.storage.redis_url.unwrap().expose_secret(), "redis://flag");
    let config = load(&["--dev-issuer"], &env, "redis://file\n").unwrap();
    assert_eq!(config.storage.redis_url.unwrap().expose_secret(), "redis://file");
}

#[test]
fn waiting_is_off_or_for_ever_or_for_seconds() {
    let wait = |flags: &[&str]| load(&[&["--dev-issuer"], flags].concat(), &[], "").unwrap().storage.wait;
    assert_eq!((wait(&[]), wait(&["--wait=false"]), wait(&["--wait", "0"])), (None, None, None));
    assert_eq!((wait(&["--wait"]), wait(&["--wait", "--tick-hz=20"])), (Some(Duration::MAX), Some(Duration::MAX)));
    assert_eq!(
        (wait(&["--wait", "30"]), wait(&["--wait=5"])),
        (Some(Duration::from_secs(30)), Some(Duration::from_secs(5)))
    );
    let of = |file: &str| load(&["--dev-issuer", "--config=f.toml"], &[], file).unwrap().storage.wait;
    assert_eq!((of("wait = true"), of("wait = 7")), (Some(Duration::MAX), Some(Duration::from_secs(7))));
}

#[test]
fn a_bad_flag_names_itself_and_the_remedy() {
    #[rustfmt::skip]
    let table: &[(&[&str], &[&str])] = &[
        (&[], &["no token issuer", "--oidc-issuer and --oidc-audience, or --dev-issuer"]),
        (&["--dev-issuer", "--tick-hz", "0"], &["error: --tick-hz: \"0\"", "a number from 1 to 100"]),
        (&["--dev-issuer", "--tick-hz", "101"], &["--tick-hz", "from 1 to 100"]),
        (&["--dev-issuer", "--tick-hz", "fast"], &["--tick-hz: \"fast\""]),
        (&["--dev-issuer", "--delta-hz", "40"], &["--delta-hz: 40 does not divide", "one of 1, 2, 4, 5, 10, 20"]),
        (&["--dev-issuer", "--delta-hz", "3"], &["--delta-hz: 3 does not divide the 20 ticks"]),
        (&["--dev-issuer", "--max-sessions", "0"], &["--max-sessions: \"0\"", "1 to 100000"]),
        (&["--dev-issuer", "--move-per-s", "0"], &["--move-per-s", "1 to 1000"]),
        (&["--dev-issuer", "--chat-per-s", "-1"], &["--chat-per-s"]),
        (&["--dev-issuer", "--ticket-ttl-s", "0"], &["--ticket-ttl-s"]),
        (&["--dev-issuer", "--sign-in-per-s", "0"], &["--sign-in-per-s: \"0\"", "1 to 1000000"]),
        (&["--dev-issuer", "--accept-version", "0.1 0"], &["--accept-version: \"0.1 0\"", "GET /api/version"]),
        (&["--dev-issuer", "--listen", "localhost:8080"], &["--listen: \"localhost:8080\"", "127.0.0.1:8080"]),
        (&["--dev-issuer", "--listen", "0.0.0.0:8080"], &["--dev-issuer: ", "not a loopback", "--dev-issuer-anywhere"]),
        (&["--dev-issuer=perhaps"], &["--dev-issuer: \"perhaps\" is neither", "true or false"]),
        (&["--dev-issuer", "--tls-cert", "c.pem"], &["--tls-cert: ", "set --tls-key as well"]),
        (&["--dev-issuer", "--tls-key", "k.pem"], &["--tls-key: ", "set --tls-cert as well"]),
        (&["--oidc-issuer", "https://id.example"], &["--oidc-issuer: ", "set --oidc-audience"]),
        (&["--dev-issuer", "--oidc-audience", "tilemud"], &["--oidc-audience: ", "set --oidc-issuer"]),
        (&["--dev-issuer", "--oidc-jwks-file", "k.json"], &["--oidc-jwks-file: ", "set --oidc-issuer"]),
        (&["--dev-issuer", "--oidc-client-id", "game"], &["--oidc-client-id: ", "set --oidc-issuer"]),
        (&["--dev-issuer", "--oidc-resource", "urn:tilemud"], &["--oidc-resource: ", "set --oidc-client-id"]),
        (
            &["--oidc-issuer=https://id.example", "--oidc-audience=a", "--oidc-jwks-file=k.json", "--oidc-client-id=g"],
            &["--oidc-client-id: ", "remove --oidc-jwks-file"],
        ),
        (&["--dev-issuer", "--database-url", "mysql://me:hunter2@db"], &["--database-url: ", "begin it with sqlite:"]),
        (&["--dev-issuer", "--redis-url", "http://me:hunter2@cache"], &["--redis-url: ", "redis://"]),
        (&["--dev-issuer", "--world", "map.png"], &["--world: map.png", ".tmx"]),
        (&["--dev-issuer", "--allowed-origin", "*"], &["--allowed-origin: \"*\"", "https://play.example.org"]),
        (&["--dev-issuer", "--allowed-origin", "https://a.example/"], &["has no path", "without a path"]),
        (&["--dev-issuer", "--trusted-proxy", "proxy.internal"], &["--trusted-proxy: \"proxy.internal\"", "10.0.0.0/8"]),
        (&["--dev-issuer", "--trusted-proxy", "10.0.0.0/33"], &["more than the bits"]),
        (&["--dev-issuer", "--forwarded-header", "via"], &["--forwarded-header: \"via\"", "x-forwarded"]),
        (&["--dev-issuer", "--public-url", "play.example/game"], &["--public-url: \"play.example/game\"", "https://"]),
        (&["--dev-issuer", "--public-url", "https://play.example/a/../b"], &["single slashes"]),
        (
            &["--dev-issuer", "--public-url", "https://u:hunter2@play.example/"],
            &["--public-url: \"https://play.example/\"", "a user or password in it"],
        ),
        (&["--dev-issuer", "--allowed-origin", "https://u:hunter2@a.example"], &["\"https://a.example\"", "a user or"]),
        (&["--dev-issuer", "--log-format", "xml"], &["--log-format: \"xml\"", "text, json or auto"]),
        (&["--dev-issuer", "--log-filter", "infoo"], &["--log-filter: \"infoo\" is neither", "did you mean info?"]),
        (&["--dev-issuer", "--redis-url", "rediss://h/#insecure"], &["--redis-url: ", "--tls-ca"]),
        (&["--dev-issuer", "--redis-url", "redis://"], &["--redis-url: ", "redis://"]),
        (&["--dev-issuer", "--redis-password", "hunter2"], &["--redis-password: ", "set --redis-url"]),
        (&["--dev-issuer", "--database-password", "hunter2"], &["--database-password: ", "postgres://"]),
        (&["--dev-issuer", "--wait", "perhaps"], &["--wait: \"perhaps\"", "seconds, true or false"]),
        (&["--dev-issuer", "--wait", "99999999"], &["--wait: 99999999", "true"]),
        (&["--dev-issuer", "--tls-ca", ""], &["--tls-ca: is empty"]),
        (&["--dev-issuer", "--redis-url-file", "none"], &["--redis-url-file: none cannot be read", "--redis-url"]),
        (&["--dev-issuer", "--redis-url-file", "f.toml", "--redis-url", "redis://h"], &["--redis-url-file: --redis-url is given as well"]),
        (&["--dev-issuer", "--log-filter", "a=b=c"], &["--log-filter: \"a=b=c\"", "info,tilemud_net=debug"]),
        (&["--dev-issuer", "--data-dir", ""], &["--data-dir: is empty"]),
        (&["--dev-issuer", "--config", "none.toml"], &["--config: none.toml cannot be read", "readable"]),
        (&["--dev-issuer", "--tick-rate", "20"], &["--tick-rate", "--tick-hz"]),
        (&["--dev-issuer", "--tick-hz", "20", "--tick-hz", "21"], &["--tick-hz", "multiple times"]),
    ];
    for (flags, fragments) in table {
        let message = refusal(flags, &[], "");
        for fragment in *fragments {
            assert!(message.contains(fragment), "{flags:?} gave:\n{message}\nwithout: {fragment}");
        }
        assert!(!message.contains("hunter2"), "a password in: {message}");
    }
}

#[test]
fn a_bad_variable_names_itself_and_the_remedy() {
    let table = [
        ("TILEMUD_TICK_HZ=0", "error: TILEMUD_TICK_HZ: \"0\" is not a whole number from 1 to 100"),
        ("TILEMUD_TICK_RATE=20", "TILEMUD_TICK_RATE: no setting has this name"),
        ("TILEMUD_LISTN=127.0.0.1:1", "did you mean TILEMUD_LISTEN?"),
        ("TILEMUD_tick_hz=20", "TILEMUD_tick_hz: no setting has this name"),
        ("TILEMUD_DEV_ISSUER=maybe", "TILEMUD_DEV_ISSUER: \"maybe\""),
        ("TILEMUD_DATABASE_URL=hunter2", "TILEMUD_DATABASE_URL: is not an address"),
        ("TILEMUD_ALLOWED_ORIGIN=https://a.example,", "TILEMUD_ALLOWED_ORIGIN: \"\" is not an origin"),
        ("TILEMUD_CONFIG=none.toml", "TILEMUD_CONFIG: none.toml cannot be read"),
    ];
    for (variable, fragment) in table {
        let message = refusal(&["--dev-issuer-anywhere"], &[variable], "");
        assert!(message.contains(fragment), "{variable} gave:\n{message}\nwithout: {fragment}");
        assert!(!message.contains("hunter2"), "a password in: {message}");
    }
}

#[test]
fn a_bad_key_names_file_line_key_and_the_remedy() {
    let table = [
        ("\n\ntick_hz = 0", "error: f.toml:3: tick_hz: \"0\" is not a whole number from 1 to 100"),
        ("tick_hz = \"20\"", "f.toml:1: tick_hz: expected a whole number without quotes\n  remedy: write tick_hz = 20"),
        ("tick_hz = 2.5", "f.toml:1: tick_hz: expected a whole number"),
        ("# a\nlisten = 8080", "f.toml:2: listen: expected text in quotes"),
        ("dev_issuer = \"true\"", "f.toml:1: dev_issuer: expected true or false"),
        ("allowed_origin = [1]", "f.toml:1: allowed_origin: expected an array of texts"),
        ("tick_hx = 20", "f.toml:1: tick_hx: no setting has this name\n  remedy: did you mean tick_hz?"),
        ("config = \"g.toml\"", "f.toml:1: config: no setting has this name"),
        ("[server]\ntick_hz = 20", "f.toml:1: server: no setting has this name"),
        ("tick_hz = 20\ntick-hz = 21", "the same setting is also given at f.toml:"),
        ("tick_hz = 20\ntick_hz = 21", "f.toml:2: not TOML: "),
        ("tick_hz 20", "f.toml:1: not TOML: "),
    ];
    for (file, fragment) in table {
        let message = refusal(&["--dev-issuer", "--config", "f.toml"], &[], file);
        assert!(message.contains(fragment), "{file:?} gave:\n{message}\nwithout: {fragment}");
    }
}

#[test]
fn debug_of_the_configuration_holds_no_password() {
    let flags = ["--dev-issuer", "--database-url=postgres://me:hunter2@db/t", "--redis-url=redis://:hunter2@cache"];
    let config = load(&flags, &[], "").unwrap();
    assert!(!format!("{config:?}").contains("hunter2"));
    assert_eq!(config.storage.redis_url.unwrap().expose_secret(), "redis://:hunter2@cache");
}

#[test]
fn version_and_help_are_not_failures() {
    let shown = |args: &[&str]| {
        let args = args.iter().map(OsString::from);
        Config::load(args, [], |_: &Path| Err(io::ErrorKind::NotFound.into())).unwrap_err()
    };
    let version = shown(&["tilemud", "--version"]);
    assert_eq!(
        (version.exit_code(), version.to_string().trim()),
        (0, &*format!("tilemud {}", tilemud_schema::version()))
    );
    assert_eq!(shown(&["tilemud", "serve", "--help"]).exit_code(), 0);
    assert_eq!(shown(&["tilemud"]).exit_code(), 2);
    assert_eq!(shown(&["tilemud", "sevre"]).exit_code(), 2);
}

#[test]
fn help_shows_every_setting_with_its_default_and_variable() {
    let mut command = cli::command();
    let help = command.find_subcommand_mut("serve").expect("serve").render_long_help().to_string();
    for setting in SETTINGS.iter() {
        let (_, default) = setting.help.split_once(" [default: ").expect("what it is when nobody sets it");
        assert!(default.len() > 1 && default.ends_with(']'), "{}: {default}", setting.name);
        let fragments = [format!("--{}", setting.name), format!("[default: {default}"), setting.variable()];
        for fragment in fragments {
            // The help is wrapped, so it is compared without its line breaks.
            let flat = help.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(flat.contains(&fragment), "{fragment} is not in the help");
        }
    }
    assert!(help.contains("Examples:"));
}

#[test]
fn flags_on_the_protocol_page_are_there_with_the_defaults_it_tells() {
    let page = include_str!("../../../docs/protocol.md");
    let mut told = 0;
    for row in page.lines().filter(|line| line.starts_with("| `--")) {
        let [_, flags, defaults, ..] = row.split('|').collect::<Vec<_>>()[..] else { panic!("{row}") };
        let flags = flags.split(',').map(|flag| flag.trim().trim_matches(['`', '-']));
        let mut defaults = defaults.split(',').map(str::trim);
        for flag in flags {
            let setting = SETTINGS.iter().find(|setting| setting.name == flag);
            let setting = setting.unwrap_or_else(|| panic!("--{flag} is on the page, and is no setting"));
            if let Some(default) = defaults.next().filter(|default| default.parse::<u32>().is_ok()) {
                assert_eq!(setting.defaults, [default], "--{flag}");
                told += 1;
            }
        }
    }
    assert!(told > 10, "only {told} defaults were found on the page");
}

#[test]
fn the_table_and_the_command_line_are_sound() {
    cli::command().debug_assert();
    let secrets: Vec<_> = SETTINGS.iter().filter(|row| row.shape == Shape::Secret).map(|row| row.name).collect();
    assert_eq!(secrets, ["database-url", "database-password", "redis-url", "redis-password"]);
    for row in SETTINGS.iter().filter(|row| row.defaults.iter().any(|text| text.parse::<f64>().is_ok())) {
        assert_eq!(row.shape, Shape::Number, "{} is a number in the file", row.name);
    }
    // What takes numbers and no words is one, also when it has no default, and of a type that no
    // other setting has.
    let takes = |name: &str, text: &str| {
        let fields = FIELDS.clone().no_binary_name(true);
        let refused = fields.try_get_matches_from([format!("--{name}={text}")]).err();
        refused.is_none_or(|error| error.kind() == ErrorKind::MissingRequiredArgument)
    };
    for row in SETTINGS.iter().filter(|row| row.shape == Shape::Text) {
        let numbers = (0..=9).map(|zeros| 10_u64.pow(zeros).to_string());
        let takes_words = ["word", "info"].iter().any(|word| takes(row.name, word));
        let is_number = !takes_words && numbers.into_iter().any(|number| takes(row.name, &number));
        assert!(!is_number, "{} takes numbers only: Shape::of does not know its type", row.name);
    }
    for secret in secrets {
        assert!(SETTINGS.iter().any(|row| row.name == format!("{secret}-file")), "{secret} can stand in a file");
    }
}

#[test]
fn issuer_aliases_and_reserved_names_mean_something_or_are_refused() {
    let oidc = ["--oidc-issuer=https://id.example.org", "--oidc-audience=tilemud"];
    let with = |flags: &[&'static str]| [&oidc[..], flags].concat();
    let config =
        load(&with(&["--oidc-issuer-alias=https://a.example", "--oidc-issuer-alias=https://b.example"]), &[], "");
    assert_eq!(config.unwrap().sign_in.oidc_issuer_aliases, ["https://a.example", "https://b.example"]);
    assert_eq!(load(&oidc, &[], "").unwrap().sign_in.reserved_names, tilemud_names::RESERVED_NAMES);
    assert_eq!(
        load(&oidc, &["TILEMUD_RESERVED_NAME=King,Queen"], "").unwrap().sign_in.reserved_names,
        ["King", "Queen"]
    );
    for (flags, fragment) in [
        (with(&["--oidc-issuer-alias=https://id.example.org"]), "--oidc-issuer-alias: is the issuer of today"),
        (vec!["--dev-issuer", "--oidc-issuer-alias=https://a.example"], "means nothing without an OIDC issuer"),
        (with(&["--reserved-name=--"]), "--reserved-name: \"--\" has no letter"),
    ] {
        let message = refusal(&flags, &[], "");
        assert!(message.contains(fragment), "{flags:?} gave:\n{message}");
    }
    let row = SETTINGS.iter().find(|row| row.name == "reserved-name").expect("a setting");
    assert!(row.help.ends_with(&format!("[default: {}]", tilemud_names::RESERVED_NAMES.join(", "))));
}

#[test]
fn a_list_that_the_file_sets_to_nothing_does_not_have_its_default() {
    let config = load(&["--dev-issuer", "--config=f.toml"], &[], "reserved_name = []").unwrap();
    assert!(config.sign_in.reserved_names.is_empty());
}

#[test]
fn commands_beside_serve_heed_no_setting_that_is_not_theirs() {
    let replay = |variable: &str, value: &str| {
        let args = ["tilemud", "replay"].map(OsString::from);
        super::Command::load(args, [(variable.into(), value.into())], |_: &Path| Err(io::ErrorKind::NotFound.into()))
    };
    assert!(matches!(replay("TILEMUD_TICK_HZ", "0"), Ok(super::Command::Replay(_))));
    let refused = replay("TILEMUD_KEEP_DAYS", "0").expect_err("it is no number of days").to_string();
    assert!(refused.contains("TILEMUD_KEEP_DAYS: \"0\""), "{refused}");
}

#[test]
fn a_command_reads_no_secret_file_but_those_of_its_settings() {
    let link = ["users", "link", "--from-issuer=a", "--to-issuer=b"];
    for verb in [&["replay"][..], &["retain"], &["names", "clashes"], &["map", "plan", "a.tmx"], &link] {
        let command = |variable: &str| {
            let args = ["tilemud"].iter().chain(verb).map(OsString::from);
            let env = [(OsString::from(variable), "none".into())];
            super::Command::load(args, env, |_: &Path| Err(io::ErrorKind::PermissionDenied.into()))
        };
        for of_the_cache in ["TILEMUD_REDIS_URL_FILE", "TILEMUD_REDIS_PASSWORD_FILE"] {
            assert!(command(of_the_cache).is_ok(), "{verb:?} with {of_the_cache}");
        }
        let refused = command("TILEMUD_DATABASE_PASSWORD_FILE").expect_err("it cannot be read").to_string();
        assert!(refused.contains("TILEMUD_DATABASE_PASSWORD_FILE: none cannot be read"), "{verb:?}: {refused}");
    }
}

#[test]
fn users_are_linked_from_one_issuer_to_another() {
    let command = |args: &[&str]| {
        let args = ["tilemud", "users", "link"].iter().chain(args).map(OsString::from);
        super::Command::load(args, [], |_: &Path| Err(io::ErrorKind::NotFound.into()))
    };
    let given = command(&["--from-issuer", "https://a.example", "--to-issuer", "https://b.example", "--dry-run"]);
    let Ok(super::Command::Link(_, link)) = given else { panic!("{given:?}") };
    assert_eq!((&*link.from, &*link.to, link.dry_run), ("https://a.example", "https://b.example", true));
    for args in [&["--from-issuer", "a", "--to-issuer", "a"][..], &["--from-issuer", "", "--to-issuer", "a"], &[]] {
        assert_eq!(command(args).unwrap_err().exit_code(), 2, "{args:?}");
    }
}
