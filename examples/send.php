<?php
/**
 * Creates and sends PayTR payment links from a shop's back end: plain PHP 7.4 or later, no library.
 *
 *   RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… php examples/send.php sms NB2Zlz3 05321234567
 *   RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… php examples/send.php email NB2Zlz3 musteri@example.com
 *   … php examples/send.php create "Order 1001" 158000 --reference 1001 --cell-phone 05321234567 --email musteri@example.com
 *
 * PHP needs its curl extension for it, or allow_url_fopen and, for https, the openssl extension.
 *
 * In scope: one message, signed (Standard Webhooks), sent, and asked for again where that is safe. Not in scope:
 * remembering what was sent.
 *
 * In WooCommerce: save this file as paytr-link.php in a small plugin of your own, put RELAY_URL and WEBHOOK_SECRET into
 * wp-config.php with define(), and create the link when an order waits for its payment. In the background, because PayTR
 * may take its time and the customer should not:
 *
 *   require_once __DIR__ . '/paytr-link.php';
 *
 *   add_action('woocommerce_order_status_on-hold', function ($order_id) {
 *       as_enqueue_async_action('my_shop_create_paytr_link', [$order_id]);
 *   });
 *   add_action('my_shop_create_paytr_link', function ($order_id) {
 *       $order = wc_get_order($order_id);
 *       try {
 *           // An action that runs twice makes one link and sends it once: the id comes from the order.
 *           $created = paytr_create_link(RELAY_URL, WEBHOOK_SECRET, [
 *               'name' => "Sipariş $order_id",
 *               'price' => (int) round($order->get_total() * 100),
 *               'currency' => $order->get_currency(),
 *               'reference' => (string) $order_id,
 *               'send' => ['cell_phone' => $order->get_billing_phone(), 'email' => $order->get_billing_email()],
 *           ]);
 *           $order->add_order_note('PayTR link: ' . $created['link']['url']);
 *       } catch (Exception $not_created) {
 *           $order->add_order_note('PayTR link: ' . $not_created->getMessage());
 *       }
 *   });
 */

/**
 * Returns the message's id once PayTR has taken it.
 *
 * Keep the id with the order before you call: with the same id the relay sends once, however often it is asked.
 *
 * @param string      $relay_url  such as https://relay.example, with or without /webhook
 * @param string      $secret     whsec_…, the one that the relay knows too
 * @param string      $channel    sms or email
 * @param string      $link_id    what PayTR's create call returned
 * @param string      $recipient  a Turkish mobile number as text, or an e-mail address
 * @param string|null $id         the message's name; a new one if not given
 * @throws RuntimeException with the relay's `detail` if it was not sent, or if nobody knows
 */
function paytr_send_link(
    string $relay_url,
    string $secret,
    string $channel,
    string $link_id,
    string $recipient,
    ?string $id = null
): string {
    $fields = ['sms' => 'cell_phone', 'email' => 'email'];
    if (!isset($fields[$channel])) {
        throw new InvalidArgumentException('The channel is sms or email.');
    }
    $id = $id ?? 'msg_' . bin2hex(random_bytes(16));
    $message = ['type' => "link.send_$channel", 'data' => ['id' => $link_id, $fields[$channel] => $recipient]];
    $answer = paytr_ask($relay_url, $secret, $id, $message, [409, 503]);
    if (($answer['json']['outcome'] ?? null) === 'sent') {
        return $id;
    }
    throw new RuntimeException(paytr_why_not($answer));
}

/**
 * Returns the relay's answer once the link exists, whatever became of its `sends`.
 *
 * The id comes from the order alone: a double click, a job that runs twice and a program that is started again all ask
 * for the same link. Where nobody knows whether PayTR made it, nobody has its address and it harms nobody, so the order's
 * next id is taken. Those that ended so on an earlier run are replayed, and passed over.
 *
 * @param array $data  that of `link.create`: name, price in minor units, the order as reference, send and what else it takes
 * @throws RuntimeException with the relay's `detail` if there is no link, or if nobody knows
 */
function paytr_create_link(string $relay_url, string $secret, array $data): array
{
    $tries = 3;
    $order = substr(hash('sha256', $data['reference']), 0, 32);
    for ($number = 1, $asked = 0; ; $number++) {
        $message = ['type' => 'link.create', 'data' => $data];
        $answer = paytr_ask($relay_url, $secret, "order_{$order}_$number", $message, [409, 429, 503]);
        $json = $answer['json'];
        if (($json['outcome'] ?? null) === 'created') {
            return $json;
        }
        $asked += $answer['replayed'] ? 0 : 1;
        $is_harmless = ($json['code'] ?? null) === 'outcome-unknown' && ($json['resend_safe'] ?? null) === true;
        if (!$is_harmless || $asked === $tries) {
            throw new RuntimeException(paytr_why_not($answer));
        }
    }
}

/**
 * The first answer that is final. Asks again, with the same id, while there is none or its status is one of `$again`.
 *
 * @throws RuntimeException if none of them was
 */
function paytr_ask(string $relay_url, string $secret, string $id, array $message, array $again): array
{
    $tries = 5;
    $longest_wait = 30;
    $key = base64_decode(preg_replace('/^whsec_/', '', $secret), true);
    if ($key === false || $key === '') {
        throw new InvalidArgumentException('The secret is whsec_ and base64.');
    }
    $body = json_encode($message, JSON_THROW_ON_ERROR);
    $url = preg_replace('#(/webhook)?/*$#D', '', $relay_url, 1) . '/webhook';

    for ($tried = 1; ; $tried++) {
        $timestamp = time();
        $signature = base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
        $answer = paytr_relay_post($url, $body, [
            'content-type: application/json',
            "webhook-id: $id",
            "webhook-timestamp: $timestamp",
            "webhook-signature: v1,$signature",
        ]);
        if (!in_array($answer['status'], [0, ...$again], true)) {
            return $answer;
        }
        if ($tried === $tries) {
            throw new RuntimeException(
                "No final answer from the relay after several tries. Asking again as $id is safe."
            );
        }
        sleep(min($answer['retry_after'] ?: 2 ** ($tried - 1), $longest_wait));
    }
}

function paytr_why_not(array $answer): string
{
    $why = $answer['json']['detail'] ?? "HTTP {$answer['status']}";
    foreach ($answer['json']['errors'] ?? [] as $error) {
        $why .= " {$error['pointer']} {$error['detail']}.";
    }
    return $why;
}

/**
 * The status (0 if there was no answer, or only a part of one), the seconds of Retry-After, whether the answer was
 * recorded earlier, and the JSON.
 *
 * @throws RuntimeException if this PHP cannot call anybody
 */
function paytr_relay_post(string $url, string $body, array $headers): array
{
    $post = function_exists('curl_exec') ? 'paytr_post_by_curl' : 'paytr_post_by_stream';
    [$lines, $text] = $post($url, $body, $headers);
    $status = $retry_after = $length = 0;
    $is_json = $replayed = false;
    foreach ($lines as $line) {
        if (preg_match('#^HTTP/\S+ (\d+)#', $line, $found)) {
            $status = (int) $found[1];
        } elseif (preg_match('/^retry-after: *(\d+)/i', $line, $found)) {
            $retry_after = (int) $found[1];
        } elseif (preg_match('/^idempotency-replayed: *true/i', $line)) {
            $replayed = true;
        } elseif (preg_match('#^content-type: *application/(problem\+)?json#i', $line)) {
            $is_json = true;
        } elseif (preg_match('/^content-length: *(\d+)/i', $line, $found)) {
            $length = (int) $found[1];
        }
    }
    $json = json_decode($text, true);
    // PHP's streams take what was cut off for the whole.
    if (strlen($text) < $length || ($is_json && !is_array($json))) {
        $status = $retry_after = 0;
    }
    // Nothing but a relay says `outcome` or `detail`; a page of some other server is an empty array.
    $json = is_array($json) ? $json : [];
    return ['status' => $status, 'retry_after' => $retry_after, 'replayed' => $replayed, 'json' => $json];
}

/** The lines of the head and the text, both empty if there was no answer. TLS is checked, as it must be. */
function paytr_post_by_curl(string $url, string $body, array $headers): array
{
    $lines = [];
    $curl = curl_init($url);
    curl_setopt_array($curl, [
        CURLOPT_POSTFIELDS => $body,
        CURLOPT_HTTPHEADER => $headers,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 30,
        CURLOPT_HEADERFUNCTION => function ($curl, $line) use (&$lines) {
            $lines[] = $line;
            return strlen($line);
        },
    ]);
    $text = curl_exec($curl);
    return $text === false ? [[], ''] : [$lines, $text];
}

/** The same without the curl extension. */
function paytr_post_by_stream(string $url, string $body, array $headers): array
{
    $is_open = filter_var(ini_get('allow_url_fopen'), FILTER_VALIDATE_BOOLEAN);
    if (!$is_open || !in_array(parse_url($url, PHP_URL_SCHEME), stream_get_wrappers(), true)) {
        throw new RuntimeException(
            'This PHP cannot call the relay. Switch on the curl extension, or allow_url_fopen and the openssl one.'
        );
    }
    $stream = @fopen($url, 'rb', false, stream_context_create(['http' => [
        'method' => 'POST',
        'header' => $headers,
        'content' => $body,
        'timeout' => 30,
        'ignore_errors' => true,
        'follow_location' => 0,
        'protocol_version' => 1.1,
    ]]));
    if ($stream === false) {
        return [[], ''];
    }
    $text = (string) @stream_get_contents($stream);
    $about = stream_get_meta_data($stream);
    fclose($stream);
    return $about['timed_out'] ? [[], ''] : [$about['wrapper_data'], $text];
}

/** The data of `link.create` from `NAME PRICE --reference ORDER …`, or null if that is not what was given. */
function paytr_create_arguments(array $arguments): ?array
{
    [$name, $price] = array_splice($arguments, 0, 2) + ['', ''];
    $options = [];
    foreach (array_chunk($arguments, 2) as $pair) {
        $options[$pair[0]] = $pair[1] ?? '';
    }
    if (array_diff_key($options, ['--reference' => 0, '--cell-phone' => 0, '--email' => 0])
        || count($arguments) % 2 !== 0 || !isset($options['--reference']) || !preg_match('/^[1-9][0-9]*$/D', $price)) {
        return null;
    }
    $send = array_filter(['cell_phone' => $options['--cell-phone'] ?? '', 'email' => $options['--email'] ?? '']);
    return ['name' => $name, 'price' => (int) $price, 'reference' => $options['--reference']]
        + ($send ? ['send' => $send] : []);
}

/** Prints the link and what became of its sends; whether all of them were sent. */
function paytr_print_created(array $created): bool
{
    echo "Created ({$created['webhook_id']}).\n";
    foreach (['id', 'url', 'callback_id'] as $member) {
        if (isset($created['link'][$member])) {
            echo "$member: {$created['link'][$member]}\n";
        }
    }
    $are_sent = true;
    foreach ($created['sends'] ?? [] as $send) {
        $code = isset($send['code']) ? " ({$send['code']})" : '';
        $later = isset($send['retry_after']) ? ", ask again in {$send['retry_after']} s" : '';
        echo "{$send['type']}: {$send['outcome']}$code$later\n";
        $are_sent = $are_sent && $send['outcome'] === 'sent';
    }
    return $are_sent;
}

if (PHP_SAPI === 'cli' && realpath($argv[0]) === __FILE__) {
    $relay_url = getenv('RELAY_URL');
    $secret = getenv('WEBHOOK_SECRET');
    $link = ($argv[1] ?? '') === 'create' ? paytr_create_arguments(array_slice($argv, 2)) : null;
    if (!($link || ($argc === 4 && $argv[1] !== 'create')) || !$relay_url || !$secret) {
        fwrite(STDERR, "usage: RELAY_URL=… WEBHOOK_SECRET=… php send.php sms|email LINK_ID RECIPIENT\n"
            . "       … php send.php create NAME PRICE --reference ORDER [--cell-phone NUMBER] [--email ADDRESS]\n"
            . "       PRICE in minor units: 1445 is 14.45\n");
        exit(2);
    }
    try {
        if ($link) {
            exit(paytr_print_created(paytr_create_link($relay_url, $secret, $link)) ? 0 : 1);
        }
        $id = paytr_send_link($relay_url, $secret, $argv[1], $argv[2], $argv[3]);
        echo "Sent ($id).\n";
    } catch (Exception $not_sent) {
        fwrite(STDERR, $not_sent->getMessage() . "\n");
        exit(1);
    }
}
