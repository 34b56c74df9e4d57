package org.kolotoc.engine.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Family;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Plugin;
import org.kolotoc.api.SeatKind;
import org.kolotoc.api.Settings;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Filled;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.engine.TestFramework;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.Schema;
import org.kolotoc.engine.experiment.SeatRef;

/** Plugins that the settings of a plugin name: found, bound and made like those that an experiment names. */
final class FillerTest {
    /** What such a plugin makes; whoever has it in its settings knows no more of it. */
    interface Schedule {
        double at(long step);
    }

    @SeatKind(value = "schedule", summary = "learning rates by step")
    interface ScheduleFamily<S extends Record> extends Family<S, Schedule> {}

    /** A kind of plugin by two functions. */
    record Made<S extends Record>(Class<S> settings, Function<S, Schedule> making) implements ScheduleFamily<S> {
        @Override
        public Schedule create(S own) {
            return making.apply(own);
        }
    }

    record Rate(
            @Range(min = 0, max = 1) double rate,
            @Default("1") int every) {}

    record Warmed(int steps, @Filled(ScheduleFamily.class) Schedule then) {}

    record Endless(
            @Default("{\"id\": \"endless\"}") @Filled(ScheduleFamily.class)
            Schedule then) {}

    record Plan(
            @Filled(ScheduleFamily.class) Schedule schedule,
            @Default("[]") @Filled(ScheduleFamily.class) List<Schedule> more,
            @Default("{}") @Filled(ScheduleFamily.class) Map<String, Schedule> named,
            @Default("null") @Filled(ScheduleFamily.class) Schedule perhaps) {}

    @SeatKind(value = "user", summary = "has schedules in its settings")
    interface User<S extends Record> extends Plugin<S> {}

    record Using<S extends Record>(Class<S> settings) implements User<S> {}

    private static final String WHERE = "$.phases[1]";

    private final TestFramework framework = new TestFramework();
    private final Problems problems = new Problems("file.json");
    private Filler filler;

    @BeforeEach
    void plugIn() {
        framework
                .seat("user", "plan", new Using<>(Plan.class), "acme.user")
                .seat("schedule", "constant", new Made<>(Rate.class, own -> _ -> own.rate()), "acme.constant")
                .seat(
                        "schedule",
                        "warm",
                        new Made<>(
                                Warmed.class,
                                own -> step -> own.then().at(step) * Math.min(1, step / (double) own.steps())),
                        "acme.warm");
        filler = new Filler(new Seats(framework.context()), problems);
    }

    private Optional<Plan> bound(String json) {
        return bound("plan", Plan.class, json);
    }

    private <S extends Record> Optional<S> bound(String id, Class<S> type, String json) {
        JsonObject settings = JsonParser.parseString(json).getAsJsonObject();
        return filler.fill(
                User.class,
                new SeatRef(id, settings, WHERE),
                (_, binding) -> filler.settings(new Using<>(type), binding.occupant(), binding.ref()));
    }

    private void refused(String json, String... faults) {
        assertEquals(Optional.empty(), bound(json));
        String message = assertThrows(InputError.class, problems::refuse).getMessage();
        for (String fault : faults) {
            assertTrue(message.contains(fault), () -> "«" + fault + "» expected in " + message);
        }
    }

    @Test
    void settingsHoldWhatThePluginsMade() {
        Plan plan = bound("""
            {"schedule": {"id": "warm", "steps": 10, "then": {"id": "constant", "rate": 0.5}},
             "more": [{"id": "constant", "rate": 0.25}, {"id": "constant", "rate": 0.75}],
             "named": {"slow": {"id": "constant", "rate": 0.125}}}\
            """).orElseThrow();
        assertEquals(0.25, plan.schedule().at(5));
        assertEquals(List.of(0.25, 0.75), plan.more().stream().map(s -> s.at(0)).toList());
        assertEquals(0.125, plan.named().get("slow").at(0));
        assertEquals(null, plan.perhaps());
    }

    @Test
    void everyPluginThatFillsASeatIsKnown() {
        bound("""
            {"schedule": {"id": "warm", "steps": 10, "then": {"id": "constant", "rate": 0.5}},
             "more": [{"id": "constant", "rate": 0.25}]}\
            """);
        assertEquals(
                List.of(
                        "the user 'plan' (bundle acme.user 1.0.0)",
                        "the schedule 'warm' (bundle acme.warm 1.0.0)",
                        "the schedule 'constant' (bundle acme.constant 1.0.0)",
                        "the schedule 'constant' (bundle acme.constant 1.0.0)"),
                filler.occupants().stream().map(Occupant::toString).toList());
    }

    @Test
    void everyFaultInsideHasItsPath() {
        refused(
                """
                {"schedule": {"id": "warm", "steps": "ten", "then": {"id": "constant", "rate": 2}},
                 "more": [{"id": "constant", "rate": 1}, {"id": "constnt"}, {"id": "constant", "rat": 1}],
                 "named": {"slow": 7, "fast": {"rate": 1}}}\
                """,
                "$.phases[1].schedule.steps: is \"ten\"; expected a whole number",
                "$.phases[1].schedule.then.rate: is 2; expected a number, 0 to 1",
                "$.phases[1].more[1].id: there is no schedule 'constnt'; did you mean 'constant'?",
                "$.phases[1].more[2].rat: there is no such field; did you mean 'rate'?",
                "$.phases[1].named.slow: is 7; expected an object with an \"id\" that names a plugin",
                "$.phases[1].named.fast: is {\"rate\":1}; expected an object with an \"id\"");
    }

    @Test
    void anAbsentSeatIsAFault() {
        refused("{}", "$.phases[1].schedule: is missing; expected an object with an \"id\" that names a plugin");
    }

    @Test
    void whatAPluginRefusesToMakeHasThePathOfItsField() {
        framework.seat("schedule", "odd", new Made<>(Rate.class, own -> {
            throw own.every() == 0 ? InputError.field("every", "0 is never") : InputError.of("no such thing", "");
        }));
        refused(
                """
                {"schedule": {"id": "odd", "rate": 1, "every": 0}, "perhaps": {"id": "odd", "rate": 1}}\
                """,
                "$.phases[1].schedule.every:" + " 0 is" + " never",
                "$.phases[1].perhaps:" + " no such" + " thing");
    }

    @Test
    void whoFailsToMakeItIsNamed() {
        record Broken(Class<Settings.None> settings) implements ScheduleFamily<Settings.None> {
            @Override
            public Schedule create(Settings.None own) {
                return List.<Schedule>of().get(3);
            }
        }
        framework.seat("schedule", "broken", new Broken(Settings.None.class), "acme.broken");
        String message = assertThrows(PluginFailure.class, () -> bound("{\"schedule\": {\"id\": \"broken\"}}"))
                .getMessage();
        assertTrue(
                message.startsWith("the schedule 'broken' (bundle acme.broken 1.0.0) failed while it made what its"
                        + " settings say: java.lang.ArrayIndexOutOfBoundsException"),
                message);
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void whoMakesAnotherThingIsNamed() {
        record Liar(Class<Settings.None> settings) implements ScheduleFamily {
            @Override
            public Object create(Record own) {
                return "a text";
            }
        }
        framework.seat("schedule", "liar", new Liar(Settings.None.class), "acme.liar");
        String message = assertThrows(PluginFailure.class, () -> bound("{\"schedule\": {\"id\": \"liar\"}}"))
                .getMessage();
        assertTrue(
                message.equals(
                        "the schedule 'liar' (bundle acme.liar 1.0.0) makes a java.lang.String; the settings that"
                                + " name it hold a " + Schedule.class.getName()),
                message);
    }

    @Test
    void aDefaultThatNamesItselfComesToAnEnd() {
        framework.seat("schedule", "endless", new Made<>(Endless.class, Endless::then));
        refused(
                "{\"schedule\": {\"id\": \"endless\"}}",
                "more than 32 plugins lie inside of each other; does the default of 'endless' name itself?");
    }

    @Test
    void aFieldThatNoPluginCanFillIsItsOwnersFault() {
        record Inner(@Filled(User.class) Object user) {}
        record Outer(@Default("[]") List<Inner> inner) {}
        String message = assertThrows(PluginFailure.class, () -> bound("plan", Outer.class, "{}"))
                .getMessage();
        assertTrue(
                message.contains("has a field 'user' in its settings record " + Inner.class.getName()
                        + " that is to be filled by a " + User.class.getName() + "; expected an interface that extends"
                        + " Family and is marked @SeatKind"),
                message);
    }

    @Test
    void theSchemaHasTheFieldsOfThePlugins() {
        JsonObject schema = Schema.experiment(Map.of(
                "phase", Map.of("plan", Plan.class),
                "schedule", Map.of("constant", Rate.class, "warm", Warmed.class)));
        JsonObject definitions = schema.getAsJsonObject("$defs");
        assertEquals(
                List.of("adapter", "data", "metric", "model", "optimizer", "phase", "sampler", "schedule", "tokenizer"),
                List.copyOf(definitions.keySet()));
        JsonObject plan = definitions
                .getAsJsonObject("phase")
                .getAsJsonArray("oneOf")
                .get(0)
                .getAsJsonObject()
                .getAsJsonObject("properties");
        String reference = "{\"$ref\":\"#/$defs/schedule\"}";
        assertEquals(reference, plan.get("schedule").toString());
        assertEquals(reference, plan.getAsJsonObject("more").get("items").toString());
        assertEquals(
                reference,
                plan.getAsJsonObject("named").get("additionalProperties").toString());
        assertEquals(
                reference,
                plan.getAsJsonObject("perhaps").getAsJsonArray("anyOf").get(0).toString());
        JsonObject warm = definitions
                .getAsJsonObject("schedule")
                .getAsJsonArray("oneOf")
                .get(1)
                .getAsJsonObject();
        assertEquals(reference, warm.getAsJsonObject("properties").get("then").toString());
        assertEquals("[\"steps\",\"then\",\"id\"]", warm.get("required").toString());
    }

    @Test
    void eachSeatMaySayWhichVersionOfItsPluginWillDo() {
        framework.seat(
                "schedule", "constant", new Made<>(Rate.class, own -> _ -> own.rate() * 100), "acme.constant", "2.0.0");
        Plan plan = bound("""
            {"schedule": {"id": "constant", "rate": 0.25, "pluginVersion": "1"},
             "more": [{"id": "constant", "pluginVersion": 2.0, "rate": 0.75}, {"id": "constant", "rate": 0.5}]}\
            """).orElseThrow();
        assertEquals(0.25, plan.schedule().at(0));
        assertEquals(List.of(75.0, 50.0), plan.more().stream().map(s -> s.at(0)).toList());
    }

    @Test
    void aVersionThatIsNoneAndOneThatNobodyOffersAreRefusedAtTheirPlace() {
        refused(
                """
                {"schedule": {"id": "constant", "rate": 0.25, "pluginVersion": "newest"},
                 "more": [{"id": "constant", "rate": 0.25, "pluginVersion": "3"},
                          {"id": "constant", "rate": 0.25, "pluginVersion": "[2,1]"}]}\
                """,
                WHERE + ".schedule.pluginVersion: is \"newest\"; expected a version in quotes (\"1.2\" is every 1.2.x)",
                WHERE + ".more[0].pluginVersion: no version \"3\" of the schedule 'constant' is plugged in; there is"
                        + " acme.constant 1.0.0",
                WHERE + ".more[1].pluginVersion: is \"[2,1]\"; expected");
    }
}
