package org.kolotoc.data.world;

import java.util.List;
import java.util.Map;

/** The words of the world. */
final class Lexicon {
    static final List<String> WOMEN =
            words("Anna Clara Dora Emma Flora Greta Hanna Ida Julia Karin Laura Maria Nina Olga"
                    + " Paula Rosa Sara Tessa Vera Wilma");
    static final List<String> MEN =
            words("Adam Boris Conrad David Emil Felix Georg Hugo Ivan Jacob Karl Leo Martin Oscar"
                    + " Peter Robert Simon Thomas Viktor Walter");
    static final List<String> TOWNS = words("Millford Ashton Redbridge Westlake Oakham Stonegate Fairview Northwood"
            + " Riverton Hillcrest Longmeadow Kingsport");
    static final List<String> JOBS =
            words("baker miller teacher doctor farmer painter sailor tailor smith singer cook" + " carpenter");
    static final List<String> FOODS = words("bread cheese soup honey rice fish cake butter porridge salad milk pie");
    static final List<String> ANIMALS = words("dog cat horse goat hen cow duck sheep pig rabbit pony goose");
    static final List<String> PLACES = words("garden mill market bridge school harbour forest church station kitchen");
    static final List<String> THINGS = words("ball book basket lamp hat key coat letter box drum");
    static final List<String> COLOURS = words("red blue green yellow white black brown grey");

    /** Subjects, singular and plural. */
    static final List<List<String>> NOUNS =
            pairs("dog dogs, cat cats, child children, bird birds, boy boys, girl girls,"
                    + " horse horses, man men, woman women, goose geese");

    /** What they do, singular and plural. */
    static final List<List<String>> VERBS =
            pairs("runs run, sleeps sleep, sings sing, waits wait, plays play, jumps jump,"
                    + " rests rest, is are, was were, has_gone have_gone");

    /** Words that belong together. */
    static final Map<String, List<String>> TOPICS = Map.of(
            "fruit", words("apples pears plums cherries grapes lemons peaches"),
            "tools", words("hammers saws nails axes ropes ladders knives"),
            "clothes", words("shirts coats hats shoes socks gloves belts"),
            "music", words("drums flutes songs violins horns bells harps"),
            "weather", words("rain snow wind storms clouds fog frost"),
            "furniture", words("tables chairs beds shelves lamps stools chests"));

    /** What is said of something good, and how one feels then. */
    static final List<String> GOOD = words("lovely warm sweet bright perfect tasty fresh");

    static final List<String> GLAD = words("happy glad cheerful delighted");
    static final List<String> BAD = words("terrible cold bitter dull broken sour rotten");
    static final List<String> SORRY = words("sad angry upset unhappy");
    static final List<String> JUDGED = words("soup weather song bread day story cake room");

    private Lexicon() {}

    private static List<String> words(String list) {
        return List.of(list.split(" "));
    }

    private static List<List<String>> pairs(String list) {
        return List.of(list.split(", *")).stream()
                .map(pair -> words(pair).stream().map(w -> w.replace('_', ' ')).toList())
                .toList();
    }
}
