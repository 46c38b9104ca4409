package miroir.storage;

import java.time.Duration;

/**
 * {@code ReplicaSetMain NAME PORT SECONDS}: for the start script, which cannot speak MongoDB's protocol. Prints the URI
 * of the set when it takes writes.
 */
final class ReplicaSetMain {
    private ReplicaSetMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length != 3) {
            System.err.println("expected NAME PORT SECONDS, got " + String.join(" ", arguments));
            System.exit(2);
        }
        ReplicaSet set = new ReplicaSet(arguments[0], Integer.parseInt(arguments[1]));
        try {
            set.awaitWritable(Duration.ofSeconds(Long.parseLong(arguments[2])));
            System.out.println(set.uri());
        } catch (IllegalStateException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }
}
