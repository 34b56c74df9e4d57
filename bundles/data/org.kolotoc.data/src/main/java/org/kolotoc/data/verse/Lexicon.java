package org.kolotoc.data.verse;

import java.util.List;

/** What lines are made of. A line of two syllables each of an opening and a verb, one of a filler and three of an end has eight. */
final class Lexicon {
    /** How a line begins that does not name an animal. */
    static final List<String> OPENINGS = List.of("potom", "tiše", "ráno", "večer", "znovu", "venku");

    static final List<String> VERBS = List.of("skáče", "sedí", "leží", "zpívá", "čeká", "tančí", "bydlí", "mlčí");

    /** Words of one syllable, with which a line scans. */
    static final List<String> FILLERS = List.of("zas", "dnes", "prý", "jen");

    /** Words of two syllables, with which it is too long. */
    static final List<String> LONG_FILLERS = List.of("zase", "asi", "možná", "jenom");

    /** Ends of lines of three syllables; those of a family rhyme, those of two don't. */
    static final List<List<String>> FAMILIES = List.of(
            List.of("v ulici", "v světnici", "v pšenici", "v krabici"),
            List.of("v peřině", "v dědině", "v krajině", "v roklině"),
            List.of("na víčku", "v sluníčku", "v košíčku", "v hrníčku"),
            List.of("na hoře", "na dvoře", "v komoře", "v oboře"),
            List.of("za vodou", "s pohodou", "náhodou", "se škodou"));

    private Lexicon() {}
}
