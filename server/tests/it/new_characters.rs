//! What counts as a new character of an address: what was made, and nothing that was refused.

use serde_json::json;
use tilemud_support::player::token;
use tilemud_support::process::Local;

use crate::http::{ask_on, connect};
use crate::world::meadow;

#[tokio::test]
async fn characters_that_are_not_made_cost_the_newcomers_of_an_address_nothing() {
    let server = Local::plain(meadow(), &["--new-characters-per-hour", "3"]).await;
    let url = &server.url;
    let enter = async |bearer: &str, name: &str| {
        let authorization = format!("Bearer {bearer}");
        let headers = [("Host", "localhost"), ("Authorization", authorization.as_str())];
        let body = json!({ "client_version": tilemud_schema::version(), "display_name": name }).to_string();
        ask_on(&mut connect(url).await, "POST", "/api/session/bootstrap", &headers, &body).await.status
    };
    let owner = token(url, "owner").await;
    assert_eq!(enter(&owner, "Robin").await, 200);
    // A user without a character, and a name that is taken: one after the other, and at once.
    let mallory = token(url, "mallory").await;
    for _ in 0..5 {
        assert_eq!(enter(&mallory, "Robin").await, 409);
    }
    assert_eq!(tokio::join!(enter(&mallory, "Robin"), enter(&mallory, "Robin")), (409, 409));
    // Asked for twice at once, a character is one.
    let twice = token(url, "twice").await;
    assert_eq!(tokio::join!(enter(&twice, "Marian"), enter(&twice, "Marian")), (200, 200));
    assert_eq!(enter(&token(url, "third").await, "Tuck").await, 200);
    // Those that are made count.
    assert_eq!(enter(&token(url, "fourth").await, "John").await, 429);
}
