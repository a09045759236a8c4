//! Scenarios at the socket: a real server, in this process or as the real binary, and players that
//! speak the protocol to it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod ack_gate;
mod alerts;
mod backups;
mod bad_starts;
mod cache;
mod chat;
mod clocks;
mod crash;
mod delivery;
mod disk_fault;
mod emote;
mod ended_starts;
mod files;
mod first_connect;
mod five_hundred;
mod front;
mod guards;
mod health;
mod hostile;
mod http;
mod isolation;
mod limits;
mod lockstep;
mod log_floods;
mod logs;
mod lost_world;
mod metrics;
mod names;
mod outage;
mod own_names;
mod places;
mod player;
mod presence;
mod process;
mod provider_away;
mod proxied;
mod reconnect;
mod reconnect_token;
mod recovery;
mod rejection;
mod repairs;
mod rest;
mod resume;
mod retention;
mod returning;
mod rules;
mod session_life;
mod slow;
mod start;
mod stores;
mod storm;
#[allow(dead_code, reason = "shared with the model, which uses more of it")]
#[path = "../model/surroundings.rs"]
mod surroundings;
mod token_cache;
mod traffic;
mod unlucky;
mod unlucky_client;
mod waits;
mod way;
mod websocket;
mod world;
