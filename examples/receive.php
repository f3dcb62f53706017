<?php
/**
 * Receives the relay's events in a shop: plain PHP 7.4 or later with pdo_sqlite, no library.
 *
 *   export EVENTS_SECRET=whsec_… SHOP_DB=/var/lib/shop/shop.sqlite
 *   php examples/receive.php add 1001 158000      an order of 1580.00 TL that waits for its payment
 *   php -S 127.0.0.1:8791 examples/receive.php    the endpoint, to try it; on a server it is a page like others
 *   php examples/receive.php list                 what is paid, and what a person must look at
 *
 * EVENTS_SECRET is what the relay has in EVENTS_SECRETS; while it is rotated, the old and the new one, separated by a
 * blank. SHOP_DB lies outside of the folder that the web server shows.
 *
 * In scope: the signature, each event once, the order's state. Not in scope: what follows from it. Mails and parcels are
 * slow and belong to a job that looks for paid orders: the relay waits 15 seconds for an answer.
 */

const MAX_BODY_BYTES = 65536;
const TOLERANCE_S = 300;

/**
 * Whether one of the secrets signs this body, by Standard Webhooks 1.0.0. `$body` is the raw body: JSON that was parsed
 * and written again is another text.
 *
 * @throws RuntimeException if a secret is none
 */
function paytr_event_is_signed(string $secrets, string $id, string $timestamp, string $signatures, string $body): bool
{
    if ($id === '' || !preg_match('/^[0-9]{1,12}$/D', $timestamp) || abs(time() - (int) $timestamp) > TOLERANCE_S) {
        return false;
    }
    foreach (preg_split('/\s+/', trim($secrets)) as $secret) {
        $key = base64_decode(preg_replace('/^whsec_/', '', $secret), true);
        if ($key === false || strlen($key) < 24) {
            throw new RuntimeException('EVENTS_SECRET must be one or more whsec_…, separated by blanks.');
        }
        $expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
        foreach (explode(' ', $signatures) as $signature) {
            if (hash_equals($expected, $signature)) {
                return true;
            }
        }
    }
    return false;
}

/** What the request is answered with: a status. */
function paytr_receive(string $secrets, string $database): int
{
    $body = (string) file_get_contents('php://input', false, null, 0, MAX_BODY_BYTES + 1);
    if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
        return 405;
    }
    if (strlen($body) > MAX_BODY_BYTES) {
        return 413;
    }
    $id = $_SERVER['HTTP_WEBHOOK_ID'] ?? '';
    $timestamp = $_SERVER['HTTP_WEBHOOK_TIMESTAMP'] ?? '';
    $signatures = $_SERVER['HTTP_WEBHOOK_SIGNATURE'] ?? '';
    if (!paytr_event_is_signed($secrets, $id, $timestamp, $signatures, $body)) {
        error_log('Event refused: EVENTS_SECRET does not sign it, or not now.');
        return 401;
    }
    paytr_store(paytr_open($database), $id, json_decode($body, true, 64, JSON_THROW_ON_ERROR));
    return 204;
}

/**
 * Takes an event once. The event and what it does to the order are one transaction: after a crash in between there is
 * neither, and the relay comes again.
 */
function paytr_store(PDO $shop, string $id, array $event): void
{
    if (!in_array($event['type'], ['link.paid', 'link.payment_review'], true)) {
        return; // A type of a later relay.
    }
    $data = $event['data'];
    $reference = $data['reference'] ?? null;
    $review = $event['type'] === 'link.paid' ? null : implode(' ', $data['reasons']);
    $shop->beginTransaction();
    // In MySQL ON DUPLICATE KEY UPDATE webhook_id = webhook_id, and not INSERT IGNORE, which cuts off what is too long.
    $insert = $shop->prepare('INSERT INTO events (webhook_id, reference, merchant_oid, review) VALUES (?, ?, ?, ?)
        ON CONFLICT DO NOTHING');
    $insert->execute([$id, $reference, $data['payment']['merchant_oid'], $review]);
    if ($insert->rowCount() === 1 && $review === null) {
        // That its link is paid does not say that the order is: the link may be of before the order changed.
        $paid = $shop->prepare("UPDATE orders SET state = 'paid'
            WHERE reference = ? AND state = 'open' AND price = ? AND currency = ?");
        $paid->execute([$reference, $data['link']['price'], $data['link']['currency']]);
        if ($paid->rowCount() === 0) {
            // Money for another total than the order's, or for an order that is unknown, cancelled, or paid already.
            $open = $shop->prepare("SELECT 1 FROM orders WHERE reference = ? AND state = 'open'");
            $open->execute([$reference]);
            $review = $open->fetchColumn() === false ? 'no_open_order' : 'other_total';
            $shop->prepare('UPDATE events SET review = ? WHERE webhook_id = ?')->execute([$review, $id]);
        }
    }
    $shop->commit();
}

/**
 * The shop's database. In a shop of your own `orders` is there already, and `events` lies beside it. The relay's ids have
 * 68 characters. `price` is in minor units, and `currency` is PayTR's word, which for the lira is TL.
 */
function paytr_open(string $database): PDO
{
    $shop = new PDO("sqlite:$database", null, null, [
        PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
        PDO::ATTR_TIMEOUT => 5,
    ]);
    $shop->exec('CREATE TABLE IF NOT EXISTS orders (reference VARCHAR(64) PRIMARY KEY, price BIGINT NOT NULL,
        currency CHAR(3) NOT NULL, state VARCHAR(9) NOT NULL)');
    // Not TEXT: MySQL takes none for a key.
    $shop->exec('CREATE TABLE IF NOT EXISTS events (webhook_id VARCHAR(68) PRIMARY KEY, reference VARCHAR(64),
        merchant_oid VARCHAR(64) NOT NULL, review VARCHAR(255))');
    return $shop;
}

/** An order that waits for its payment. */
function paytr_add(PDO $shop, string $reference, string $price, string $currency = 'TL'): void
{
    $insert = $shop->prepare("INSERT INTO orders (reference, price, currency, state) VALUES (?, ?, ?, 'open')");
    $insert->execute([$reference, (int) $price, $currency === 'TRY' ? 'TL' : $currency]);
}

/** What the shop's staff sees. */
function paytr_list(PDO $shop): void
{
    foreach ($shop->query('SELECT reference, state FROM orders ORDER BY reference') as $order) {
        echo "order {$order['reference']}: {$order['state']}\n";
    }
    foreach ($shop->query('SELECT * FROM events WHERE review IS NOT NULL ORDER BY webhook_id') as $event) {
        $order = $event['reference'] ?? 'unknown';
        echo "needs review: order $order, payment {$event['merchant_oid']}: {$event['review']}\n";
    }
}

if (PHP_SAPI !== 'cli') {
    try {
        http_response_code(paytr_receive((string) getenv('EVENTS_SECRET'), (string) getenv('SHOP_DB')));
    } catch (Throwable $not_stored) {
        error_log('Event not stored: ' . $not_stored->getMessage());
        http_response_code(500);
    }
} elseif (realpath($argv[0]) === __FILE__) {
    $database = getenv('SHOP_DB');
    if ($database && ($argc === 4 || $argc === 5) && $argv[1] === 'add' && ctype_digit($argv[3])) {
        paytr_add(paytr_open($database), ...array_slice($argv, 2));
    } elseif ($database && $argc === 2 && $argv[1] === 'list') {
        paytr_list(paytr_open($database));
    } else {
        fwrite(STDERR, "usage: SHOP_DB=… php receive.php add REFERENCE PRICE [CURRENCY]|list\n"
            . "       EVENTS_SECRET=… SHOP_DB=… php -S HOST:PORT receive.php\n"
            . "       PRICE in minor units: 1445 is 14.45\n");
        exit(2);
    }
}
