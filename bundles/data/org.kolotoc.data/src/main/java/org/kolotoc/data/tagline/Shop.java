package org.kolotoc.data.tagline;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A place where something is offered.
 *
 * @param goods what: {@code bread}
 * @param kind where: {@code stall}
 */
record Shop(String goods, String kind) {
    private static final List<String> KINDS = List.of("shop", "stall", "market", "kiosk", "fair");

    /** What belongs to goods, and to no others. */
    private static final Map<String, List<String>> WORDS = words("""
        ice cream: cones scoops sundaes
        bread: loaves crusts buns
        shoe: soles laces heels
        flower: petals tulips roses
        book: novels pages stories
        toy: dolls puzzles kites
        fish: salmon trout herring
        cheese: cheddar brie rinds
        fruit: apples plums cherries
        hat: caps brims bonnets
        lamp: bulbs shades lights
        bike: wheels pedals saddles
        clock: dials hands alarms
        music: songs drums flutes
        tea: leaves pots mugs
        soap: bubbles foam scents
        candle: wax wicks flames
        rug: carpets mats fringes
        paint: brushes colours canvases
        honey: bees combs hives
        jewel: rings pearls gems
        tool: hammers saws nails
        plant: seeds ferns cacti
        coat: sleeves buttons collars
        bag: straps pockets zips
        egg: omelettes yolks hens
        pie: fillings crumbles tarts
        soup: broths ladles bowls
        sweet: lollies fudge toffees
        wool: yarns scarves mittens
        glass: vases jars mirrors
        pet: kittens puppies rabbits
        sport: balls rackets skates
        camera: lenses films photos
        pen: inks nibs pencils
        bed: pillows blankets quilts
        chair: cushions stools benches
        boat: sails oars anchors
        spice: pepper cumin saffron
        nut: almonds walnuts hazels
        """);

    private static Map<String, List<String>> words(String table) {
        Map<String, List<String>> words = new TreeMap<>();
        table.lines().map(line -> line.split(": ")).forEach(line -> words.put(line[0], List.of(line[1].split(" "))));
        return words;
    }

    /** All there are, in the order of their names. */
    static List<Shop> all() {
        return WORDS.keySet().stream()
                .flatMap(goods -> KINDS.stream().map(kind -> new Shop(goods, kind)))
                .toList();
    }

    /** Things that are found there. */
    List<String> words() {
        return WORDS.get(goods);
    }

    /** {@code an ice cream shop}. */
    String phrase() {
        return ("aeiou".indexOf(goods.charAt(0)) < 0 ? "a " : "an ") + goods + " " + kind;
    }
}
