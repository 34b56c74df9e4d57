package org.kolotoc.data.knowledge;

import java.util.ArrayList;
import java.util.List;
import org.kolotoc.api.text.Choice;

/**
 * To what a pronoun refers: to the part, which is kept in order, or to the machine, which stands without it. Neither is always
 * the nearest noun, nor always the subject. Asked for are pairs of machine and part of different gender that are never told.
 */
final class Anaphora implements Subject {
    static final String KIND = "anaphora";

    private static final int HELD_OUT = 3;
    private static final List<String> HIM_OR_HER = List.of(" ho", " ji");
    /** Masculine ones, then feminine ones. */
    private static final List<List<String>> MACHINES = List.of(
            List.of("Kolotoč", "Mlýn", "Výtah", "Traktor", "Vlak", "Lis", "Jeřáb", "Bagr"),
            List.of("Pračka", "Vrtačka", "Lokomotiva", "Sekačka", "Tramvaj", "Pumpa", "Mašina", "Houpačka"));

    private static final List<List<String>> PARTS = List.of(
            List.of("řemene", "pístu", "ventilu", "řetězu", "kabelu", "filtru", "šroubu", "háku"),
            List.of("hřídele", "pružiny", "páky", "spojky", "brzdy", "kladky", "osy", "pojistky"));

    private static final List<String> HOW = List.of("", " vůbec", " ani chvíli", " podle návodu", " ani jeden den");
    private static final List<String> KEEP = List.of("mazat", "čistit", "kontrolovat", "utahovat");
    private static final List<String> STOP = List.of("zastavit", "vypnout", "odstavit", "zavřít");

    private static boolean isHeldOut(int machineGender, int machine, int partGender, int part) {
        return machineGender != partGender && (machine + part) % HELD_OUT == 0;
    }

    /** @param ofPart whether the part is meant */
    private static String before(String machine, String part, String how, boolean ofPart) {
        return machine + " nemůže bez " + part + how + " fungovat." + (ofPart ? " Proto" : " Když chybí, musíme");
    }

    private static String after(boolean ofPart, int verb) {
        return ofPart ? " musíme pravidelně " + KEEP.get(verb) + "." : " hned " + STOP.get(verb) + ".";
    }

    @Override
    public String told(Draws draws) {
        int machineGender = draws.below(2);
        int partGender = draws.below(2);
        int machine = draws.below(MACHINES.get(machineGender).size());
        int part = draws.below(PARTS.get(partGender).size());
        while (isHeldOut(machineGender, machine, partGender, part)) {
            part = (part + 1) % PARTS.get(partGender).size();
        }
        boolean ofPart = draws.below(2) == 0;
        return before(
                        MACHINES.get(machineGender).get(machine),
                        PARTS.get(partGender).get(part),
                        draws.pick(HOW),
                        ofPart)
                + HIM_OR_HER.get(ofPart ? partGender : machineGender)
                + after(ofPart, draws.below(KEEP.size()));
    }

    @Override
    public List<Choice> heldOut() {
        List<Choice> asked = new ArrayList<>();
        for (int gender = 0; gender < 2; gender++) {
            for (int machine = 0; machine < MACHINES.get(gender).size(); machine++) {
                for (int part = 0; part < PARTS.get(1 - gender).size(); part++) {
                    if (isHeldOut(gender, machine, 1 - gender, part)) {
                        // The nearest noun is five words away: more than a 5-gram sees.
                        String how = HOW.get(1 + (machine + part) % (HOW.size() - 1));
                        asked.add(asked(KIND, gender, machine, part, how, true, (machine + part) % 4));
                        asked.add(asked(KIND, gender, machine, part, how, false, (machine + part) % 4));
                    }
                }
            }
        }
        return asked;
    }

    private static Choice asked(String kind, int gender, int machine, int part, String how, boolean ofPart, int verb) {
        String before =
                before(MACHINES.get(gender).get(machine), PARTS.get(1 - gender).get(part), how, ofPart);
        int right = ofPart ? 1 - gender : gender;
        return new Choice(kind, before, HIM_OR_HER, after(ofPart, verb), right);
    }

    @Override
    public Choice slide() {
        return asked(Knowledge.LECTURE, 0, 0, 0, "", true, 0);
    }
}
