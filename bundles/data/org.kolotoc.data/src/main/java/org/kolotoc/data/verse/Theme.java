package org.kolotoc.data.verse;

import java.util.ArrayList;
import java.util.List;

/** Two animals that a verse is asked about. */
public record Theme(Animal first, Animal second) {
    /** Whom verses are about, each of two syllables. */
    public enum Animal {
        KOTE("kotě", "kotěti"),
        TELE("tele", "teleti"),
        MYSKA("myška", "myšce"),
        LISKA("liška", "lišce"),
        KOCKA("kočka", "kočce"),
        OVCE("ovce", "ovci"),
        HUSA("husa", "huse"),
        STRAKA("straka", "strace"),
        VRANA("vrána", "vráně"),
        ZABA("žába", "žábě"),
        VCELA("včela", "včele"),
        SOVA("sova", "sově");

        private final String word;
        private final String locative;

        Animal(String word, String locative) {
            this.word = word;
            this.locative = locative;
        }

        /** As a subject. */
        public String word() {
            return word;
        }
    }

    /** Every two, in either order. */
    public static List<Theme> all() {
        List<Theme> all = new ArrayList<>();
        for (Animal first : Animal.values()) {
            for (Animal second : Animal.values()) {
                if (first != second) {
                    all.add(new Theme(first, second));
                }
            }
        }
        return all;
    }

    /** {@code Báseň o kotěti a huse:} */
    public String question() {
        return "Báseň o " + first.locative + " a " + second.locative + ":";
    }

    /** Both, whichever comes first: what is held out is held out in either order. */
    public String both() {
        return first.compareTo(second) < 0 ? first + " " + second : second + " " + first;
    }

    /** Whether a verse names both. */
    public boolean isOf(Stanza stanza) {
        return stanza.has(first.word()) && stanza.has(second.word());
    }
}
