package voices;

import java.io.PrintStream;
import org.kolotoc.api.*;
import org.kolotoc.api.Settings.*;
import org.osgi.service.component.annotations.Component;

@Component
@Seat(kind = Seat.COMMAND, id = "greet", summary = "greets somebody")
public final class Greet implements Command<Greet.Line> {
    public record Line(
            @Command.Arguments String name,

            @Help("how it is said") @Default("{\"id\": \"loud\"}") @Filled(VoiceFamily.class)
            Voice voice) {}

    public Class<Line> settings() {
        return Line.class;
    }

    public boolean run(Line line, PrintStream out) {
        out.println(line.voice().say("hello " + line.name()));
        return !line.name().equals("stranger");
    }
}
