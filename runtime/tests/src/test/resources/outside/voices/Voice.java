package voices;

/** What greets. */
public interface Voice {
    String say(String text);
}
