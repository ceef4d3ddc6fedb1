// SPDX-License-Identifier: Apache-2.0
package id.kentongan.bench;

import id.kentongan.bench.Deliveries.Delivery;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Posts what was made and signed before over connections that stay open: bytes out, a status line back, nothing else,
 * because it shares the processor with what it measures. One person's deliveries keep their order.
 */
final class Sender {
    private static final int CONNECTIONS = 48;

    private Sender() {}

    /** Returns when everything was acknowledged. */
    static void send(int port, List<Delivery> deliveries) throws IOException, InterruptedException {
        var lanes = new ArrayList<List<byte[]>>();
        for (var n = 0; n < CONNECTIONS; n++) {
            lanes.add(new ArrayList<>());
        }
        deliveries.forEach(each -> lanes.get(each.author() % CONNECTIONS).add(each.request()));
        var fault = new AtomicReference<IOException>();
        var threads = new ArrayList<Thread>();
        for (var lane : lanes) {
            threads.add(Thread.ofPlatform().daemon().start(() -> {
                try {
                    post(port, lane);
                } catch (IOException e) {
                    fault.compareAndSet(null, e);
                }
            }));
        }
        for (var thread : threads) {
            thread.join();
        }
        if (fault.get() != null) {
            throw fault.get();
        }
    }

    private static void post(int port, List<byte[]> requests) throws IOException {
        var next = 0;
        // A server may close a connection after so many requests; the next one goes on where it ended.
        while (next < requests.size()) {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(60_000);
                var in = new BufferedInputStream(socket.getInputStream(), 1024);
                var open = true;
                while (open && next < requests.size()) {
                    socket.getOutputStream().write(requests.get(next));
                    open = acknowledged(in);
                    next++;
                }
            }
        }
    }

    /** Reads one answer; returns whether the connection stays open. */
    private static boolean acknowledged(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
            var next = in.read();
            if (next < 0) {
                throw new IOException("the application closed the connection after: " + head);
            }
            head.append((char) next);
        }
        var lower = head.toString().toLowerCase(java.util.Locale.ROOT);
        var length = lower.indexOf("content-length:");
        if (length >= 0) {
            in.skipNBytes(Long.parseLong(
                    lower.substring(length + 15, lower.indexOf('\r', length)).strip()));
        }
        if (!lower.startsWith("http/1.1 202")) {
            throw new IOException("a delivery was answered: " + head.substring(0, head.indexOf("\r")));
        }
        return !lower.contains("connection: close");
    }
}
