//! Tables of names.

use tilemud_names::{NameFault, checked, folded, look_keys};

/// What may be a name, and what it is then.
#[test]
fn names_of_living_languages_are_names() {
    for (typed, name) in [
        ("A", "A"),
        ("Ann", "Ann"),
        (" Ann  Lee ", "Ann Lee"),
        ("Traveller 1234", "Traveller 1234"),
        ("O'Neil", "O'Neil"),
        ("O\u{2019}Neil", "O\u{2019}Neil"),
        ("Jean-Luc", "Jean-Luc"),
        ("Dr. No", "Dr. No"),
        ("xX_Robin_Xx", "xX_Robin_Xx"),
        ("Zo\u{eb}", "Zo\u{eb}"),
        ("Zoe\u{308}", "Zo\u{eb}"),
        ("Stra\u{df}e", "Stra\u{df}e"),
        ("\u{141}\u{f3}d\u{17a}", "\u{141}\u{f3}d\u{17a}"),
        ("I\u{15f}\u{131}k", "I\u{15f}\u{131}k"),
        ("Nguy\u{1ec5}n", "Nguy\u{1ec5}n"),
        ("Nguye\u{302}\u{303}n", "Nguy\u{1ec5}n"),
        ("K\u{254}fi", "K\u{254}fi"),
        ("\u{254}\u{303}\u{301}sa", "\u{254}\u{303}\u{301}sa"),
        ("\u{2bb}Iolani", "\u{2bb}Iolani"),
        ("\u{ff21}\u{ff4e}\u{ff4e}", "Ann"),
        ("\u{1d400}nn", "Ann"),
        ("\u{fb01}n", "fin"),
        ("Вова", "Вова"),
        ("Ёжик", "Ёжик"),
        ("Νίκος", "Νίκος"),
        ("Արամ", "Արամ"),
        ("გიორგი", "გიორგი"),
        ("שָׁלוֹם", "שָׁלוֹם"),
        ("محمد", "محمد"),
        ("مُحَمَّد", "مُحَمَّد"),
        ("नमस्ते", "नमस्ते"),
        ("கண்ணன்", "கண்ணன்"),
        ("ಕನ್ನಡ", "ಕನ್ನಡ"),
        ("สมชาย", "สมชาย"),
        ("น้ำ", "น\u{e49}\u{e4d}\u{e32}"),
        ("བསྒྲུབས", "བསྒྲུབས"),
        ("አበበ", "አበበ"),
        ("ᏣᎳᎩ", "ᏣᎳᎩ"),
        ("山田太郎", "山田太郎"),
        ("さくらサクラ桜", "さくらサクラ桜"),
        ("Mr山田", "Mr山田"),
        ("김철수", "김철수"),
        ("\u{1100}\u{1161}\u{11a8}", "\u{ac01}"),
        ("Robin \u{1f98a}", "Robin \u{1f98a}"),
        ("\u{1f98a}", "\u{1f98a}"),
        ("R2D2", "R2D2"),
        ("٣٤٥", "٣٤٥"),
    ] {
        assert_eq!(checked(typed).as_deref(), Ok(name), "{typed:?}");
        assert_eq!(folded(typed), folded(name), "{typed:?}");
    }
    assert_eq!(checked(&"n".repeat(24)), Ok("n".repeat(24)));
    assert_eq!(checked(&"e\u{301}".repeat(24)), Ok("\u{e9}".repeat(24)));
}

#[test]
fn what_cannot_be_seen_or_is_no_writing_is_no_name() {
    use NameFault::{Blank, Empty, Invisible, LooseMark, MixedScripts, NoLetter, TooLong, TooManyMarks, Unknown};
    let many = "n".repeat(25);
    let wide = "\u{fdfa}".repeat(2);
    let endless = " ".repeat(10_000);
    for (text, fault) in [
        ("", Empty),
        ("   ", Empty),
        (many.as_str(), TooLong),
        (wide.as_str(), TooLong),
        (endless.as_str(), TooLong),
        // Blanks.
        ("Ann\u{a0}Lee", Blank('\u{a0}')),
        ("Ann\u{2003}Lee", Blank('\u{2003}')),
        ("Ann\u{3000}Lee", Blank('\u{3000}')),
        ("Ann\u{1680}Lee", Blank('\u{1680}')),
        ("Ann\u{202f}", Blank('\u{202f}')),
        // Controls.
        ("Ann\0", Invisible('\0')),
        ("Ann\tLee", Invisible('\t')),
        ("Ann\n", Invisible('\n')),
        ("Ann\u{7f}", Invisible('\u{7f}')),
        ("Ann\u{85}", Invisible('\u{85}')),
        // Format characters.
        ("Ann\u{200b}", Invisible('\u{200b}')),
        ("\u{200b}", Invisible('\u{200b}')),
        ("\u{200b}\u{200b}", Invisible('\u{200b}')),
        ("An\u{ad}n", Invisible('\u{ad}')),
        ("An\u{2060}n", Invisible('\u{2060}')),
        ("An\u{200c}n", Invisible('\u{200c}')),
        ("An\u{200d}n", Invisible('\u{200d}')),
        ("\u{200e}Ann", Invisible('\u{200e}')),
        ("Ann\u{202e}", Invisible('\u{202e}')),
        ("Ann\u{2066}", Invisible('\u{2066}')),
        ("Ann\u{61c}", Invisible('\u{61c}')),
        ("\u{feff}Ann", Invisible('\u{feff}')),
        ("Ann\u{2062}", Invisible('\u{2062}')),
        ("Ann\u{fff9}", Invisible('\u{fff9}')),
        ("Ann\u{180e}", Invisible('\u{180e}')),
        ("Ann\u{1d173}", Invisible('\u{1d173}')),
        // Tags, variation selectors and other letters to be ignored.
        ("Ann\u{e0041}", Invisible('\u{e0041}')),
        ("Ann\u{e0001}", Invisible('\u{e0001}')),
        ("Ann\u{fe0f}", Invisible('\u{fe0f}')),
        ("Ann\u{fe00}", Invisible('\u{fe00}')),
        ("Ann\u{e0100}", Invisible('\u{e0100}')),
        ("Ann\u{180b}", Invisible('\u{180b}')),
        ("Ann\u{34f}", Invisible('\u{34f}')),
        ("Ann\u{17b4}", Invisible('\u{17b4}')),
        ("Ann\u{2065}", Invisible('\u{2065}')),
        // Blank letters.
        ("\u{3164}", Invisible('\u{3164}')),
        ("\u{115f}", Invisible('\u{115f}')),
        ("Ann\u{1160}", Invisible('\u{1160}')),
        ("\u{ffa0}", Invisible('\u{ffa0}')),
        ("\u{2800}", Invisible('\u{2800}')),
        ("\u{13441}", Invisible('\u{13441}')),
        ("\u{1d159}", Invisible('\u{1d159}')),
        ("\u{fffc}", Invisible('\u{fffc}')),
        ("\u{fffd}", Invisible('\u{fffd}')),
        // Separators of lines.
        ("Ann\u{2028}Lee", Blank('\u{2028}')),
        ("Ann\u{2029}", Blank('\u{2029}')),
        // Private, unassigned, not for interchange.
        ("Ann\u{e000}", Unknown('\u{e000}')),
        ("Ann\u{f8ff}", Unknown('\u{f8ff}')),
        ("Ann\u{10fffd}", Unknown('\u{10fffd}')),
        ("Ann\u{378}", Unknown('\u{378}')),
        ("Ann\u{ffff}", Unknown('\u{ffff}')),
        // Not a letter of a living language.
        ("\u{1d00}nn", Unknown('\u{1d00}')),
        ("\u{16b1}\u{16a2}", Unknown('\u{16b1}')),
        ("A\u{20dd}", Unknown('\u{20dd}')),
        // Marks.
        ("\u{301}Ann", LooseMark),
        ("Ann \u{301}", LooseMark),
        ("\u{1f98a}\u{301}", LooseMark),
        ("\u{b4}", LooseMark),
        ("A\u{301}\u{302}\u{303}\u{304}nn", TooManyMarks),
        ("x\u{336}\u{335}\u{334}", Unknown('\u{335}')),
        ("Robi\u{307}n", TooManyMarks),
        ("Ro\u{131}\u{307}", TooManyMarks),
        ("\u{456}\u{307}\u{432}\u{430}\u{43d}", TooManyMarks),
        ("x\u{336}\u{336}", TooManyMarks),
        // Scripts.
        ("\u{410}nn", MixedScripts),
        ("Rob\u{456}n", MixedScripts),
        ("R\u{3bf}bin", MixedScripts),
        ("R\u{585}bin", MixedScripts),
        ("Anna Иванова", MixedScripts),
        ("山田Вова", MixedScripts),
        ("12٣", MixedScripts),
        // Nothing to call somebody by.
        (".", NoLetter),
        ("...", NoLetter),
        ("- -", NoLetter),
    ] {
        assert_eq!(checked(text), Err(fault), "{text:?}");
        assert!(!fault.to_string().is_empty());
    }
}

/// The right name is in the world; whoever wants one that looks like it gets that name or none.
#[test]
fn nobody_can_look_like_somebody_who_is_there() {
    for (there, disguise) in [
        ("Andr\u{e9}", "Andre\u{301}"),
        ("Ann", "\u{410}nn"),
        ("Ann", "Ann\u{200b}"),
        ("Ann", "An\u{ad}n"),
        ("Ann", "An\u{2060}n"),
        ("Ann Lee", "Ann  Lee"),
        ("Ann", "\u{202e}Ann"),
        ("Ann", "\u{ff21}\u{ff4e}\u{ff4e}"),
        ("Ann", "Ann\u{fe0f}"),
        ("Ann", "Ann\u{e0061}"),
        ("Ann", "Ann "),
        ("Ann Lee", "Ann\u{a0}Lee"),
        ("Jose", "Jo\u{455}e"),
        ("Robin", "R\u{3bf}bin"),
        ("Robin", "ROBIN"),
        ("Ian", "lan"),
        ("Pope", "Роре"),
        ("Max", "МАХ"),
        ("Anna", "ΑΝΝΑ"),
        ("soso", "ѕоѕо"),
        ("O'Neil", "O\u{2019}Neil"),
        ("Jean-Luc", "Jean\u{2010}Luc"),
        ("Bob", "B\u{43e}b"),
        ("modem", "modern"),
        ("I", "l"),
        ("工", "エ"),
        ("Ｉan", "lan"),
    ] {
        match checked(disguise) {
            Err(_) => {}
            Ok(name) => {
                assert!(!look_keys(&name).is_disjoint(&look_keys(there)), "{disguise:?} beside {there:?}");
            }
        }
    }
}
