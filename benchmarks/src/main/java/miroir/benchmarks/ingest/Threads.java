package miroir.benchmarks.ingest;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Does something with each of many by several threads, and waits for the end. */
record Threads(int count) {

    <T> void each(List<T> all, Consumer<T> work) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            Stream<Callable<Object>> tasks = all.stream().map(one -> Executors.callable(() -> work.accept(one)));
            for (Future<Object> done : threads.invokeAll(tasks.toList())) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
