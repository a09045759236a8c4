//! Scenarios at the socket: a real server, in this process or as the real binary, and players that
//! speak the protocol to it.

mod ack_gate;
mod crash;
mod first_connect;
mod outage;
mod player;
mod process;
mod reconnect;
mod rest;
mod rules;
mod traffic;
mod world;
