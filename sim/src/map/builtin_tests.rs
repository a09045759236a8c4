//! The built-in world can be loaded and walked.

use super::*;

#[test]
fn built_in_world_is_at_least_128_by_128_with_a_free_spawn_point() {
    let map = Map::built_in();
    assert_eq!(map.name, "First Light");
    assert!(map.width >= 128 && map.height >= 128);
    assert!(!map.is_solid(map.spawn.x, map.spawn.y));
    assert!(map.is_solid(-1, 0) && map.is_solid(0, -1) && map.is_solid(map.width, 0) && map.is_solid(0, map.height));
}
