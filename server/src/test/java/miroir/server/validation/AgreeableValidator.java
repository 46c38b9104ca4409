package miroir.server.validation;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import miroir.server.configuration.ValidationConfiguration;

/** Finds nothing. The real one is a part of its own, which these tests do without. */
public final class AgreeableValidator implements MakeValidator, ResourceValidator {
    /** What has this in it is validated for as long as somebody is held up, interrupted or not. */
    public static final String ENDLESS = "endless";

    private static volatile CountDownLatch reached = new CountDownLatch(0);
    private static volatile Semaphore mayGoOn = new Semaphore(1);

    public static void holdUp() {
        reached = new CountDownLatch(1);
        mayGoOn = new Semaphore(0);
    }

    public static void awaitHeldUp() throws InterruptedException {
        reached.await();
    }

    public static void letGo() {
        mayGoOn.release();
    }

    @Override
    public ResourceValidator run(ValidationConfiguration configuration, StoredDefinitions stored) {
        return this;
    }

    @Override
    public Set<String> profiles() {
        return Set.of();
    }

    @Override
    public List<Finding> findings(byte[] json, List<String> profiles) {
        if (new String(json, StandardCharsets.UTF_8).contains(ENDLESS)) {
            reached.countDown();
            mayGoOn.acquireUninterruptibly();
            mayGoOn.release();
        }
        return List.of();
    }
}
