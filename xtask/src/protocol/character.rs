//! The list behind `character_state!`, of which come the state of a character and what its player
//! is told of it.

use super::source::{Field, Schema, fields};

impl Schema {
    /// Puts the fields of the list in the place of the macro's own text.
    pub(super) fn character_state_of(&mut self, text: &str) {
        let Some((_, list)) = text.split_once("\ncharacter_state! {\n") else { return };
        let block = |name: &str| {
            let lines = list.lines().map(str::trim).skip_while(|line| *line != format!("{name} {{"));
            fields(&lines.skip(1).take_while(|line| *line != "}").collect::<Vec<_>>())
        };
        let maybe = |field: Field| Field { ty: format!("Option<{}>", field.ty), ..field };
        if let Some(state) = self.items.get_mut("CharacterState") {
            state.fields = block("constant");
            state.fields.extend(block("optional").into_iter().map(maybe));
            state.fields.extend(block("always"));
        }
        if let Some(own) = self.items.get_mut("SelfState") {
            own.fields.retain(|field| !field.name.contains('$'));
            own.fields.extend(["optional", "always"].into_iter().flat_map(block).map(maybe));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_has_the_fields_of_its_list_and_what_is_told_of_it_those_that_can_change() {
        let schema = Schema::of(&[r#"
macro_rules! character_state {
    () => {
        /// What changed.
        pub struct SelfState {
            /// Whose.
            pub character_id: Option<CharacterId>,
            $($(#[doc = $field_doc])* pub $field: Option<$ty>,)*
        }
    };
}

character_state! {
    /// All of it.
    pub struct CharacterState {
        constant {
            look: Arc<str>,
        }
        optional {
            /// Its tile.
            position: Position,
        }
        always {
            health: i32,
        }
    }
}
"#]);
        let shown = |name: &str| {
            let fields = schema.items[name].fields.iter();
            fields.map(|field| format!("{}: {} {}", field.name, field.ty, field.doc)).collect::<Vec<_>>()
        };
        assert_eq!(
            shown("CharacterState"),
            ["look: Arc<str> ", "position: Option<Position> Its tile.", "health: i32 "]
        );
        let told = [
            "character_id: Option<CharacterId> Whose.",
            "position: Option<Position> Its tile.",
            "health: Option<i32> ",
        ];
        assert_eq!(shown("SelfState"), told);
        assert_eq!(schema.items["SelfState"].doc, "What changed.");
    }
}
