//! Requests to the Worker: one handler for each route, and the way back to the platform.

mod callback;
mod health;
mod hook;
mod request;
mod router;
mod to_platform;
mod webhook;
