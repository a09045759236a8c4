//! New characters that are made at the same time: each gets the answer it would get alone, and they
//! do not wait for the disk one after the other.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use sqlx::{PgConnection, SqliteConnection};
use tilemud_persist::store::{CharacterProfile, NewCharacter};
use tilemud_persist::{Store, StoreError};
use tokio::task::JoinSet;

use crate::deeds::character;
use crate::place::Place;

const CROWD: usize = 130;

/// Transactions in which so many are made: the first by itself, because it waits for nobody, and
/// then as many at once as may be.
const TRANSACTIONS_MAX: usize = 1 + CROWD.div_ceil(64);

/// The time that a call has at least.
const CALL_TIME: Duration = Duration::from_secs(1);

/// Of those who come first so many do not wait for their answer.
const GIVEN_UP: usize = 3;

/// How long anybody is asked for again.
const PATIENCE: Duration = Duration::from_secs(60);

type Answer = Result<CharacterProfile, StoreError>;

/// Keeps everybody else from writing new characters.
enum Hold {
    File(SqliteConnection),
    Table(PgConnection),
}

impl Hold {
    async fn of(place: &Place) -> Self {
        if place.url.starts_with("sqlite:") {
            let mut connection = place.sqlite_connection().await;
            sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut connection).await.unwrap();
            Self::File(connection)
        } else {
            let mut connection = place.postgres_connection().await;
            let lock = "BEGIN; LOCK TABLE character_profiles IN SHARE MODE";
            sqlx::raw_sql(lock).execute(&mut connection).await.unwrap();
            Self::Table(connection)
        }
    }

    async fn end(self) {
        match self {
            Self::File(mut connection) => drop(sqlx::raw_sql("ROLLBACK").execute(&mut connection).await.unwrap()),
            Self::Table(mut connection) => drop(sqlx::raw_sql("ROLLBACK").execute(&mut connection).await.unwrap()),
        }
    }
}

/// Asks for all of them before the first is written, however busy the machine is: nothing can be
/// written until they have asked, one after the other.
async fn make(
    place: &Place,
    store: &Arc<dyn Store>,
    characters: impl IntoIterator<Item = NewCharacter>,
) -> Vec<(NewCharacter, Answer)> {
    let characters: Vec<_> = characters.into_iter().collect();
    let (all, asked) = (characters.len(), AtomicUsize::new(0));
    let hold = Hold::of(place).await;
    let asking = characters.into_iter().map(async |new| {
        let began = Instant::now();
        // What follows puts it among those that wait, before it waits itself.
        asked.fetch_add(1, Ordering::Relaxed);
        loop {
            let answer = store.create_character(&new).await;
            // A busy machine may not come to it within the time that a call has.
            if matches!(answer, Err(StoreError::Unavailable(_))) && began.elapsed() < PATIENCE {
                continue;
            }
            return (new, answer);
        }
    });
    let holding = async {
        while asked.load(Ordering::Relaxed) < all {
            tokio::task::yield_now().await;
        }
        hold.end().await;
    };
    let both = futures_util::future::join(futures_util::future::join_all(asking), holding);
    tokio::task::unconstrained(both).await.0
}

/// The transactions that the log of an SQLite database holds: frames that end one say how large the
/// database is after it.
fn transactions_in_log(database: &Path) -> usize {
    let log = std::fs::read(format!("{}-wal", database.display())).unwrap();
    if log.is_empty() {
        return 0;
    }
    let page = u32::from_be_bytes(log[8..12].try_into().unwrap()) as usize;
    log[32..].chunks_exact(24 + page).filter(|frame| frame[4..8] != [0; 4]).count()
}

pub async fn a_crowd_of_newcomers_is_made_in_few_transactions(place: &Place) {
    let store = place.open().await;
    let file = place.url.strip_prefix("sqlite:").map(Path::new);
    let before = file.map_or(0, transactions_in_log);
    let began = Instant::now();
    let crowd = (0..CROWD).map(|number| character(&format!("user-{number}"), &format!("Name {number}")));
    for (new, made) in make(place, &store, crowd).await {
        let made = made.unwrap();
        assert_eq!((made.character_id, &made.user_id, &made.state), (new.character_id, &new.user_id, &new.state));
    }
    assert_eq!(store.names().await.unwrap().len(), CROWD);
    assert!(store.changed_by_hand().await.unwrap().is_empty());
    let transactions = match file {
        Some(file) => transactions_in_log(file) - before,
        None => {
            let count = "SELECT count(DISTINCT xmin::text) FROM character_profiles";
            let count = sqlx::query_scalar::<_, i64>(count).fetch_one(&mut place.postgres_connection().await).await;
            count.unwrap() as usize
        }
    };
    // Whoever had to ask again may have been written already, or is written later than the others.
    let was_quick = began.elapsed() < CALL_TIME;
    assert!(!was_quick || (2..=TRANSACTIONS_MAX).contains(&transactions), "{transactions} transactions");
    assert!(transactions < CROWD / 2, "{transactions} transactions");
}

pub async fn in_a_crowd_a_name_that_is_taken_refuses_only_who_asked_for_it(place: &Place) {
    let store = place.open().await;
    store.create_character(&character("older", "Zoe")).await.unwrap();
    // Of every ten one wants a name that is taken, two want the same, two are the same user, and
    // one wants the name of the first refused one, who has not got it.
    let crowd = (0..60).map(|number| {
        let (user, name) = match number % 10 {
            1 => (format!("user-{number}"), "ZOE".to_owned()),
            2 | 3 => (format!("user-{number}"), format!("Both {}", number / 10)),
            4 | 5 => (format!("twice-{}", number / 10), format!("Twin {number}")),
            6 => ("older".to_owned(), format!("Other {number}")),
            7 => (format!("user-{number}"), format!("Other {}", number - 1)),
            _ => (format!("user-{number}"), format!("Name {number}")),
        };
        character(&user, &name)
    });
    let answers = make(place, &store, crowd).await;
    let mut owners = BTreeMap::new();
    for (number, (new, answer)) in answers.iter().enumerate() {
        let name = &new.state.display_name;
        match number % 10 {
            1 => assert!(matches!(answer, Err(StoreError::NameTaken)), "{name}: {answer:?}"),
            // In the order in which they asked.
            3 => assert!(matches!(answer, Err(StoreError::NameTaken)), "{name}: {answer:?}"),
            5 => assert_eq!(answer.as_ref().unwrap(), answers[number - 1].1.as_ref().unwrap(), "{name}"),
            6 => assert_eq!(&*answer.as_ref().unwrap().state.display_name, "Zoe"),
            _ => assert_eq!(answer.as_ref().unwrap().character_id, new.character_id, "{name}"),
        }
        if let Ok(made) = answer {
            owners.insert(made.character_id, made.state.display_name.clone());
        }
    }
    let stored = store.names().await.unwrap();
    assert_eq!(stored.into_iter().map(|it| (it.character_id, it.display_name)).collect::<BTreeMap<_, _>>(), owners);
}

pub async fn calls_that_are_given_up_leave_the_others_their_answers(place: &Place) {
    let store = place.open().await;
    let mut tasks = JoinSet::new();
    let mut given_up = Vec::new();
    for number in 0..100 {
        let (store, new) = (Arc::clone(&store), character(&format!("user-{number}"), &format!("Name {number}")));
        let task = tasks.spawn(async move {
            let made = store.create_character(&new).await;
            made.map(|made| made.character_id == new.character_id)
        });
        if number < GIVEN_UP {
            given_up.push(task);
        }
    }
    // One after the other they have the turn to write for all, and are given up in it.
    for task in given_up {
        tokio::task::yield_now().await;
        task.abort();
    }
    let mut ended = 0;
    while let Some(outcome) = tasks.join_next().await {
        match outcome {
            Ok(made) => assert!(made.unwrap()),
            Err(error) => assert!(error.is_cancelled()),
        }
        ended += 1;
    }
    assert_eq!(ended, 100);
    let made = store.create_character(&character("user-99", "Another")).await.unwrap();
    assert_eq!(&*made.state.display_name, "Name 99");
}
