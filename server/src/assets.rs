//! stub
use tilemud_net::assets::{Asset, Assets};
/// stub
pub struct EmbeddedAssets;
impl Assets for EmbeddedAssets {
    fn find(&self, _: &str, _: &str) -> Option<Asset> {
        None
    }
}
