//! People in a world's store: `tilemud names clashes`, `tilemud users link` and `export`, and the
//! check of the issuers at a start (FR-001, FR-031). Changes no character; a user's id is a hash,
//! so no identity is visible here.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;

use anyhow::{Context as _, Result};
use serde_json::Value;
use tilemud_names::{checked, look_keys};
use tilemud_persist::diagnostic::nearest;
use tilemud_persist::store::{Issuers, KnownIssuer, NamedCharacter};
use tilemud_persist::{OpenMode, copies};
use tilemud_schema::CharacterId;

use super::opening::{Reach, open, world_id};
use crate::config::{Config, LinkUsers, SetWrong};

/// `tilemud names clashes`.
///
/// # Errors
/// What the store answers.
pub async fn clashes(config: &Config) -> Result<()> {
    let (store, _) = open(config, OpenMode::Read).await?;
    let names = store.names().await;
    store.close().await;
    say(&listing(&names.context("the names could not be read")?))
}

/// `tilemud users link`.
///
/// # Errors
/// What the store answers.
pub async fn link(config: &Config, link: &LinkUsers) -> Result<()> {
    let mode = if link.dry_run { OpenMode::Read } else { OpenMode::Write };
    let (store, _) = open(config, mode).await?;
    let outcome = link_in(&*store, link).await;
    store.close().await;
    outcome
}

/// `tilemud users export`.
///
/// # Errors
/// There is no such character; what the store answers.
pub async fn export(config: &Config, character: &str) -> Result<()> {
    let (store, map) = open(config, OpenMode::Read).await?;
    let names = store.names().await;
    store.close().await;
    let names = names.context("the names could not be read")?;
    let named = find(&names, character)?;
    let scratch = tempfile::tempdir().context("nothing can be written to the folder of TMPDIR")?;
    let reach = Reach::of(config)?;
    let (access, world) = (reach.access(OpenMode::Read), world_id(config, &map));
    let mut stored = copies::of_character(&access, world, named.character_id, &scratch.path().join("image.db"))
        .await
        .context("the store could not be read")?;
    keep_own(&mut stored, named.character_id);
    say(&format!("{stored:#}\n"))
}

fn say(text: &str) -> Result<()> {
    std::io::stdout().lock().write_all(text.as_bytes()).context("standard output takes no more")
}

/// The character of this name or id; of a name that nobody has as it is written, the one that has
/// it in other letters.
fn find<'a>(names: &'a [NamedCharacter], wanted: &str) -> Result<&'a NamedCharacter> {
    let folded = wanted.to_lowercase();
    let tests: [&dyn Fn(&NamedCharacter) -> bool; 3] =
        [&|it| it.character_id.to_string() == folded, &|it| &*it.display_name == wanted, &|it| {
            it.display_name.to_lowercase() == folded
        }];
    if let Some(found) = tests.iter().find_map(|test| names.iter().find(|it| test(it))) {
        return Ok(found);
    }
    let near = nearest(wanted, names.iter().map(|it| it.display_name.to_string()));
    let remedy = match near {
        Some(near) => format!("did you mean {near:?}? A character's id will do as well"),
        None => "write the name as it is shown in the world, or the character's id".to_owned(),
    };
    Err(SetWrong::new("NAME", format!("there is no character {wanted:?} in this world"), remedy).into())
}

/// Of ticks in which a character came in, only what is about that character.
fn keep_own(stored: &mut Value, character: CharacterId) {
    let id = Value::from(character.to_string());
    for tick in stored
        .get_mut("world_ticks")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut)
    {
        tick.retain(|column, _| ["tick", "persisted_at", "arrivals"].contains(&&**column));
        if let Some(arrivals) = tick.get_mut("arrivals").and_then(Value::as_array_mut) {
            arrivals.retain(|arrival| arrival["character_id"] == id);
        }
    }
}

async fn link_in(store: &dyn Issuers, link: &LinkUsers) -> Result<()> {
    let known = store.issuers().await.context("the known issuers could not be read")?;
    let LinkUsers { from, to, dry_run } = link;
    if let Some(before) = known.iter().find(|it| it.issuer == *from).and_then(|it| it.linked_to.as_deref()) {
        println!("{from} is linked to {before} until now.");
    }
    let seen = known.iter().any(|it| it.issuer == *from);
    let doubt = if seen { "" } else { " (no server has noted that issuer here; is it spelled as in the tokens' iss?)" };
    if *dry_run {
        println!("Would link {from}{doubt} to {to}. Nothing was changed.");
        return Ok(());
    }
    let issuer = KnownIssuer { issuer: from.clone(), linked_to: Some(to.clone()) };
    store.note_issuer(&issuer).await.context("the link could not be written")?;
    println!(
        "Linked {from}{doubt} to {to}. From the next start of a server with --oidc-issuer {to}, whoever signs in there plays \
         the character they had by signing in at {from}."
    );
    Ok(())
}

/// The former issuers of the configured provider: those set, and those linked in the store. Stores
/// the provider, and warns when the world's players came from another one so far.
///
/// # Errors
/// What the store answers.
pub(crate) async fn former_issuers(store: &dyn Issuers, config: &Config) -> Result<Vec<String>> {
    let mut former = config.sign_in.oidc_issuer_aliases.clone();
    let Some(oidc) = config.sign_in.oidc() else { return Ok(former) };
    let known = store.issuers().await.context("the known issuers could not be read")?;
    former
        .extend(linked(&known, &oidc.issuer).into_iter().filter(|it| !config.sign_in.oidc_issuer_aliases.contains(it)));
    let strangers: Vec<&str> = known
        .iter()
        .filter(|it| it.linked_to.is_none() && it.issuer != oidc.issuer && !former.contains(&it.issuer))
        .map(|it| &*it.issuer)
        .collect();
    let is_new = known.iter().all(|it| it.issuer != oidc.issuer);
    if is_new && !strangers.is_empty() {
        tracing::warn!(
            issuer = oidc.issuer,
            known = strangers.join(" "),
            "players of this world signed in at another issuer until now and are strangers with this one; if the provider has \
             moved, set --oidc-issuer-alias to the former one, or use tilemud users link"
        );
    }
    if is_new {
        let issuer = KnownIssuer { issuer: oidc.issuer.clone(), linked_to: None };
        store.note_issuer(&issuer).await.context("the issuer could not be noted")?;
    }
    Ok(former)
}

/// All that lead to `issuer`, directly or over others.
fn linked(known: &[KnownIssuer], issuer: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    loop {
        let next = known.iter().find(|it| {
            let to = it.linked_to.as_deref();
            to.is_some_and(|to| to == issuer || found.iter().any(|found| found == to))
                && it.issuer != issuer
                && !found.contains(&it.issuer)
        });
        match next {
            Some(next) => found.push(next.issuer.clone()),
            None => return found,
        }
    }
}

/// A line for each name that looks like an older one or breaks the present rule.
fn listing(names: &[NamedCharacter]) -> String {
    let mut owners: BTreeMap<String, &NamedCharacter> = BTreeMap::new();
    let (mut lines, mut clashes, mut refused) = (String::new(), 0, 0);
    for character in names {
        let keys = look_keys(&character.display_name);
        let older: BTreeSet<_> = keys.iter().filter_map(|key| owners.get(key)).map(|it| it.character_id.0).collect();
        // Escaped: a terminal shows such names as badly as a screen does. Writing to a String
        // cannot fail.
        for older in names.iter().filter(|it| older.contains(&it.character_id.0)) {
            clashes += 1;
            let _ = writeln!(
                lines,
                "{} {:?} (user {}) looks like the older {} {:?} (user {})",
                character.character_id.0,
                character.display_name,
                character.user_id.0,
                older.character_id.0,
                older.display_name,
                older.user_id.0
            );
        }
        if let Err(fault) = checked(&character.display_name) {
            refused += 1;
            let (id, name) = (character.character_id.0, &character.display_name);
            let _ = writeln!(lines, "{id} {name:?} (user {}) could not be chosen today: {fault}", character.user_id.0);
        }
        for key in keys {
            owners.entry(key).or_insert(character);
        }
    }
    let _ = writeln!(lines, "{} names, {clashes} clashes, {refused} that could not be chosen today", names.len());
    lines
}

#[cfg(test)]
mod tests {
    use tilemud_schema::UserId;
    use uuid::Uuid;

    use super::*;

    fn named(number: u128, name: &str) -> NamedCharacter {
        NamedCharacter {
            character_id: CharacterId(Uuid::from_u128(number)),
            user_id: UserId(format!("user-{number}").into()),
            display_name: name.into(),
        }
    }

    #[test]
    fn the_later_of_two_names_that_look_the_same_is_listed_with_both_ids() {
        let text = listing(&[named(1, "Robin"), named(2, "Ann"), named(3, "R\u{43e}bin"), named(4, "Zo\u{200b}e")]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 4, "{text}");
        assert!(lines[0].starts_with("00000000-0000-0000-0000-000000000003"), "{text}");
        assert!(
            lines[0].contains("(user user-3) looks like the older") && lines[0].contains("\"Robin\" (user user-1)")
        );
        assert!(lines[1].contains("000000000003") && lines[1].contains("could not be chosen today"), "{text}");
        assert!(lines[2].contains("\\u{200b}") && lines[2].contains("U+200B"), "{text}");
        assert_eq!(lines[3], "4 names, 1 clashes, 2 that could not be chosen today");
    }

    #[test]
    fn moves_are_followed_one_after_the_other_and_circles_end() {
        let known =
            |issuer: &str, to: Option<&str>| KnownIssuer { issuer: issuer.into(), linked_to: to.map(Into::into) };
        let issuers = [known("a", Some("b")), known("b", Some("c")), known("c", None), known("x", None)];
        assert_eq!(linked(&issuers, "c"), ["b", "a"]);
        assert_eq!(linked(&issuers, "b"), ["a"]);
        assert!(linked(&issuers, "x").is_empty());
        assert_eq!(linked(&[known("a", Some("b")), known("b", Some("a"))], "a"), ["b"]);
    }
}
