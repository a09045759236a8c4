//! The error shape (T079, FR-020).

use serde_json::{Value, json};
use tilemud_schema::codec::to_json_value;
use tilemud_schema::{Details, ErrorCode, WireError};
use uuid::Uuid;

/// The table of the protocol page.
const TABLE: &[(&str, &str, Option<u16>, bool)] = &[
    ("AUTH_TOKEN_MISSING", "AUTH", Some(401), false),
    ("AUTH_TOKEN_INVALID", "AUTH", Some(401), false),
    ("AUTH_TOKEN_EXPIRED", "AUTH", Some(401), false),
    ("FORBIDDEN", "AUTH", Some(403), false),
    ("SESSION_NOT_FOUND", "AUTH", Some(401), false),
    ("TICKET_INVALID", "AUTH", Some(401), false),
    ("RECONNECT_TOKEN_INVALID", "AUTH", Some(401), false),
    ("UPDATE_REQUIRED", "VERSION", Some(426), false),
    ("CAPACITY_FULL", "CAPACITY", Some(503), true),
    ("RATE_LIMITED", "RATE_LIMIT", Some(429), true),
    ("MALFORMED", "VALIDATION", Some(400), false),
    ("PAYLOAD_TOO_LARGE", "VALIDATION", Some(413), false),
    ("INTENT_INVALID", "VALIDATION", Some(422), false),
    ("NAME_TAKEN", "VALIDATION", Some(409), false),
    ("MOVE_BLOCKED", "VALIDATION", None, false),
    ("TARGET_OUT_OF_RANGE", "VALIDATION", None, false),
    ("ITEM_NOT_FOUND", "VALIDATION", None, false),
    ("INVENTORY_FULL", "VALIDATION", None, false),
    ("ACTION_NOT_ALLOWED", "VALIDATION", None, false),
    ("SEQ_OUT_OF_ORDER", "CONSISTENCY", None, true),
    ("ACTION_ATOMIC_ROLLBACK", "CONSISTENCY", None, true),
    ("UNAVAILABLE", "DEPENDENCY", Some(503), true),
    ("TARGET_AWAY", "VALIDATION", None, false),
    ("INTERNAL", "INTERNAL", Some(500), true),
];

#[test]
fn every_code_has_the_documented_category_status_and_retryability() {
    assert_eq!(ErrorCode::ALL.len(), TABLE.len());
    for (code, category, http, retryable) in TABLE {
        let code: ErrorCode = serde_json::from_value(json!(code)).unwrap();
        assert_eq!(json!(code.category()), json!(category), "{code}");
        assert_eq!(code.http_status(), *http, "{code}");
        assert_eq!(code.retryable(), *retryable, "{code}");
    }
}

#[test]
fn details_have_the_documented_fields_and_read_back_as_the_same_kind() {
    let table: [(Details, Value); 7] = [
        (Details::Retry { retry_after_ms: 5 }, json!({"retry_after_ms": 5})),
        (Details::Limit { limit: "move".to_owned(), retry_after_ms: 5 }, json!({"limit": "move", "retry_after_ms": 5})),
        (Details::Sequence { expected: 1, received: 3 }, json!({"expected": 1, "received": 3})),
        (
            Details::Version { expected: "a".to_owned(), received: "b".to_owned() },
            json!({"expected": "a", "received": "b"}),
        ),
        (
            Details::Rollback { failed_step: 1, cause: ErrorCode::ItemNotFound },
            json!({"failed_step": 1, "cause": "ITEM_NOT_FOUND"}),
        ),
        (Details::Field { field: "f".to_owned(), reason: "r".to_owned() }, json!({"field": "f", "reason": "r"})),
        (Details::Unheard { to: "Ann".to_owned(), lines: 2 }, json!({"to": "Ann", "lines": 2})),
    ];
    for (details, expected) in table {
        let error = WireError::new(ErrorCode::Internal, Uuid::nil(), Some(details));
        let json = to_json_value(&error);
        assert_eq!(json["details"], expected);
        assert_eq!(serde_json::from_value::<WireError>(json).unwrap(), error);
    }
}
