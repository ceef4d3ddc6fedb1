// SPDX-License-Identifier: Apache-2.0
package id.kentongan.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Refuses a thread its second connection while it holds a first, in every test with a database: with all connections
 * taken by such threads, they would wait for each other until they fail.
 */
final class OneConnectionAtATime implements BeanPostProcessor {
    private static final ThreadLocal<AtomicInteger> HELD = ThreadLocal.withInitial(AtomicInteger::new);

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof DataSource pool && !(bean instanceof Counting) ? new Counting(pool) : bean;
    }

    private static final class Counting extends DelegatingDataSource {
        Counting(DataSource pool) {
            super(pool);
        }

        @Override
        public Connection getConnection() throws SQLException {
            var held = HELD.get();
            if (held.get() > 0) {
                throw new IllegalStateException("This thread holds a connection and asks for another");
            }
            var connection = super.getConnection();
            held.incrementAndGet();
            var open = new AtomicBoolean(true);
            return (Connection) Proxy.newProxyInstance(
                    Connection.class.getClassLoader(),
                    new Class<?>[] {Connection.class},
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("close") && open.compareAndSet(true, false)) {
                            held.decrementAndGet();
                        }
                        try {
                            return method.invoke(connection, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }
}
