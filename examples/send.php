<?php
/**
 * Creates and sends PayTR payment links from a shop's back end: plain PHP 7.4 or later, no library.
 *
 *   RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… php examples/send.php sms NB2Zlz3 05321234567
 *   RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… php examples/send.php email NB2Zlz3 musteri@example.com
 *   … php examples/send.php create "Order 1001" 158000 --reference 1001 --cell-phone 05321234567 --email musteri@example.com
 *       --expiry-date "2036-12-31 23:59:59"    until when it can be paid, in Istanbul time; the same for the same order
 *
 * PHP needs its curl extension for it, or allow_url_fopen and, for https, the openssl extension.
 *
 * In scope: one message, signed (Standard Webhooks), sent, and asked for again where that is safe. Not in scope:
 * remembering what was sent.
 *
 * WooCommerce needs no code: see docs/woocommerce.md. The lines here are for a shop that wants it in a plugin of its own all
 * the same; they do not follow an order that changes, nor mark one as paid. Save this file as paytr-link.php in that plugin,
 * put RELAY_URL and WEBHOOK_SECRET into wp-config.php with define(), and create the link when an order waits for its
 * payment. In the background, because PayTR may take its time and the customer should not:
 *
 *   require_once __DIR__ . '/paytr-link.php';
 *
 *   add_action('woocommerce_order_status_on-hold', function ($order_id) {
 *       as_enqueue_async_action('my_shop_create_paytr_link', [$order_id]);
 *   });
 *   add_action('my_shop_create_paytr_link', function ($order_id) {
 *       $order = wc_get_order($order_id);
 *       if (!$order || !$order->has_status('on-hold') || $order->get_payment_method() !== 'bacs') {
 *           return; // Paid or cancelled meanwhile, or to be paid another way.
 *       }
 *       try {
 *           // An action that runs twice makes one link and sends it once: the id comes from the order.
 *           $created = paytr_create_link(RELAY_URL, WEBHOOK_SECRET, [
 *               'name' => "Sipariş $order_id",
 *               'price' => (int) round($order->get_total() * 100),
 *               'currency' => $order->get_currency(),
 *               'reference' => (string) $order_id,
 *               'expiry_date' => gmdate('Y-m-d\TH:i:s\Z', $order->get_date_created()->getTimestamp() + 7 * 86400),
 *               'send' => ['cell_phone' => $order->get_billing_phone(), 'email' => $order->get_billing_email()],
 *           ]);
 *       } catch (Exception $not_created) {
 *           $order->add_order_note('PayTR link: ' . $not_created->getMessage());
 *           return;
 *       }
 *       $order->add_order_note("PayTR link:\n" . implode("\n", paytr_describe_created($created)));
 *       foreach ($created['sends'] ?? [] as $send) {
 *           if ($send['outcome'] === 'limited') {
 *               $at = time() + $send['retry_after'];
 *               as_schedule_single_action($at, 'my_shop_create_paytr_link', [$order_id]);
 *           }
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
 * Returns the relay's answer once the link exists, whatever became of its `sends`, and two members more: `is_replayed`,
 * whether the answer was recorded by an earlier run, and `left_out`, the relay's `errors` of recipients that are none and
 * whom the link was not sent to.
 *
 * The id comes from the order alone: a double click, a job that runs twice and a program that is started again all ask
 * for the same link. The order's next id is taken where there is no link under this one: where nobody knows whether PayTR
 * made it, since nobody has its address and it harms nobody, and where PayTR refused it on an earlier run, since its cause
 * may be mended.
 *
 * @param array $data  that of `link.create`: name, price in minor units, the order as reference, send and what else it takes
 * @throws RuntimeException with the relay's `detail` if there is no link, or if nobody knows
 */
function paytr_create_link(string $relay_url, string $secret, array $data): array
{
    $tries = 3;
    $order = substr(hash('sha256', $data['reference']), 0, 32);
    $send = array_filter($data['send'] ?? []);
    unset($data['send']);
    $left_out = [];
    for ($number = 1, $asked = 0; ;) {
        $message = ['type' => 'link.create', 'data' => $data + ($send ? ['send' => $send] : [])];
        $answer = paytr_ask($relay_url, $secret, "order_{$order}_$number", $message, [409, 429, 503]);
        $json = $answer['json'];
        if (($json['outcome'] ?? null) === 'created') {
            return $json + ['is_replayed' => $answer['is_replayed'], 'left_out' => $left_out];
        }
        $errors = $json['errors'] ?? [];
        $bad = str_replace('/data/send/', '', array_column($errors, 'pointer'));
        if ($bad && !array_diff($bad, array_keys($send))) {
            // The same id: the relay keeps nothing of a message whose fields it refuses.
            $send = array_diff_key($send, array_flip($bad));
            array_push($left_out, ...$errors);
            continue;
        }
        $asked += $answer['is_replayed'] ? 0 : 1;
        $code = $json['code'] ?? null;
        $is_lost = $code === 'outcome-unknown' && ($json['resend_safe'] ?? null) === true && $asked < $tries;
        $was_refused = $code === 'paytr-rejected' && $answer['is_replayed'];
        if (!$is_lost && !$was_refused) {
            throw new RuntimeException(paytr_why_not($answer) . paytr_how_to_go_on($code, $data['reference']));
        }
        $number++;
    }
}

/** What a person does about an order that has no link, as further lines. */
function paytr_how_to_go_on(?string $code, string $reference): string
{
    $ways = [
        'paytr-rejected' => 'Once the cause is mended, ask again for this order: its next id is taken by itself.',
        'webhook-id-reused' => 'This order was asked for with other data before. Ask with the same, or delete that link and '
            . "take another reference, such as $reference-2.",
    ];
    return isset($ways[$code]) ? "\n$ways[$code]" : '';
}

/**
 * The first answer that is final. Asks again, with the same id, while there is none or its status is one of `$again`. Its
 * `is_replayed` says that it was recorded before this call.
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
            $answer['is_replayed'] = $answer['is_replayed'] && $tried === 1;
            return $answer;
        }
        if ($tried === 1 && $answer['unreachable'] !== '') {
            // A name or a port that is wrong is seen at once, not after all tries.
            error_log("No answer from $url yet ({$answer['unreachable']}); trying again.");
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
        $why .= ' ' . paytr_sentence($error);
    }
    if (isset($answer['json']['paytr']['reason'])) {
        $why .= "\nPayTR's words: {$answer['json']['paytr']['reason']}";
    }
    return $why . ($answer['is_replayed'] ? "\nThis answer was recorded earlier, and PayTR was not asked again." : '');
}

function paytr_sentence(array $error): string
{
    return "{$error['pointer']} {$error['detail']}.";
}

/**
 * The status (0 if there was no answer, or only a part of one), the seconds of Retry-After, whether the answer was
 * recorded earlier, the JSON, and why the relay could not be reached, if it could not.
 *
 * @throws RuntimeException if this PHP cannot call anybody
 */
function paytr_relay_post(string $url, string $body, array $headers): array
{
    $post = function_exists('curl_exec') ? 'paytr_post_by_curl' : 'paytr_post_by_stream';
    [$lines, $text, $unreachable] = $post($url, $body, $headers);
    $status = $retry_after = $length = 0;
    $is_json = $is_replayed = false;
    foreach ($lines as $line) {
        if (preg_match('#^HTTP/\S+ (\d+)#', $line, $found)) {
            $status = (int) $found[1];
        } elseif (preg_match('/^retry-after: *(\d+)/i', $line, $found)) {
            $retry_after = (int) $found[1];
        } elseif (preg_match('/^idempotency-replayed: *true/i', $line)) {
            $is_replayed = true;
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
    return compact('status', 'retry_after', 'is_replayed', 'json', 'unreachable');
}

/** No relay's answer is longer, and what is longer is not read. */
const PAYTR_MAX_ANSWER_BYTES = 1048576;

/**
 * The lines of the head and the text, both empty if there was no answer, and why there was no connection, empty if there
 * was one. TLS is checked, as it must be.
 */
function paytr_post_by_curl(string $url, string $body, array $headers): array
{
    $lines = [];
    $text = '';
    $curl = curl_init($url);
    curl_setopt_array($curl, [
        CURLOPT_POSTFIELDS => $body,
        CURLOPT_HTTPHEADER => $headers,
        CURLOPT_TIMEOUT => 30,
        CURLOPT_HEADERFUNCTION => function ($curl, $line) use (&$lines) {
            $lines[] = $line;
            return strlen($line);
        },
        CURLOPT_WRITEFUNCTION => function ($curl, $part) use (&$text) {
            $text .= $part;
            return strlen($text) > PAYTR_MAX_ANSWER_BYTES ? 0 : strlen($part);
        },
    ]);
    if (curl_exec($curl)) {
        return [$lines, $text, ''];
    }
    $no_connection = [CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT];
    return [[], '', in_array(curl_errno($curl), $no_connection, true) ? curl_error($curl) : ''];
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
        $why = preg_replace('/.*: /', '', error_get_last()['message'] ?? '');
        return [[], '', strpos($why, 'HTTP request failed') === false ? $why : '']; // Which is a connection that was lost.
    }
    $text = (string) @stream_get_contents($stream, PAYTR_MAX_ANSWER_BYTES);
    $about = stream_get_meta_data($stream);
    fclose($stream);
    return $about['timed_out'] ? [[], '', ''] : [$about['wrapper_data'], $text, ''];
}

/** The data of `link.create` from `NAME PRICE --reference ORDER …`, or null if that is not what was given. */
function paytr_create_arguments(array $arguments): ?array
{
    [$name, $price] = array_splice($arguments, 0, 2) + ['', ''];
    $options = [];
    foreach (array_chunk($arguments, 2) as $pair) {
        $options[$pair[0]] = $pair[1] ?? '';
    }
    if (array_diff_key($options, array_flip(['--reference', '--expiry-date', '--cell-phone', '--email']))
        || count($arguments) % 2 !== 0 || !isset($options['--reference']) || !preg_match('/^[1-9][0-9]*$/D', $price)) {
        return null;
    }
    $send = ['cell_phone' => $options['--cell-phone'] ?? '', 'email' => $options['--email'] ?? ''];
    $expiry = isset($options['--expiry-date']) ? ['expiry_date' => $options['--expiry-date']] : [];
    return ['name' => $name, 'price' => (int) $price, 'reference' => $options['--reference'], 'send' => $send] + $expiry;
}

/** The link and what became of its sends, line by line. */
function paytr_describe_created(array $created): array
{
    $lines = [];
    foreach (['id', 'url', 'callback_id'] as $member) {
        if (isset($created['link'][$member])) {
            $lines[] = "$member: {$created['link'][$member]}";
        }
    }
    foreach ($created['sends'] ?? [] as $send) {
        $code = isset($send['code']) ? " ({$send['code']})" : '';
        $later = isset($send['retry_after']) ? ", ask again in {$send['retry_after']} s" : '';
        $why = isset($send['paytr']['reason']) ? ": {$send['paytr']['reason']}" : '';
        $lines[] = "{$send['type']}: {$send['outcome']}$code$later$why";
    }
    foreach ($created['left_out'] as $error) {
        $lines[] = 'left out: ' . paytr_sentence($error);
    }
    return $lines;
}

/**
 * Has what was `limited` sent once its time has come, if that is soon. The same message sends nothing twice.
 *
 * The relay's own limit is a message a minute, unless SEND_LIMITS says otherwise.
 */
function paytr_send_limited(string $relay_url, string $secret, array $data, array $created): array
{
    $waits = array_filter(array_column($created['sends'] ?? [], 'retry_after'), function ($seconds) {
        return $seconds <= 90;
    });
    if (!$waits) {
        return $created;
    }
    error_log('The recipient has had a message not long ago; asking again in ' . max($waits) . ' s.');
    sleep(max($waits));
    return paytr_create_link($relay_url, $secret, $data);
}

if (PHP_SAPI === 'cli' && realpath($argv[0]) === __FILE__) {
    $relay_url = getenv('RELAY_URL');
    $secret = getenv('WEBHOOK_SECRET');
    $link = ($argv[1] ?? '') === 'create' ? paytr_create_arguments(array_slice($argv, 2)) : null;
    if (!($link || ($argc === 4 && $argv[1] !== 'create')) || !$relay_url || !$secret) {
        fwrite(STDERR, "usage: RELAY_URL=… WEBHOOK_SECRET=… php send.php sms|email LINK_ID RECIPIENT\n"
            . "       … php send.php create NAME PRICE --reference ORDER [--expiry-date TIME] [--cell-phone NUMBER] [--email ADDRESS]\n"
            . "       PRICE in minor units: 1445 is 14.45\n");
        exit(2);
    }
    try {
        if ($link) {
            $created = paytr_create_link($relay_url, $secret, $link);
            echo $created['is_replayed']
                ? "Created earlier ({$created['webhook_id']}); a second link on purpose takes another --reference.\n"
                : "Created ({$created['webhook_id']}).\n";
            $created = paytr_send_limited($relay_url, $secret, $link, $created);
            echo implode("\n", paytr_describe_created($created)), "\n";
            $outcomes = array_column($created['sends'] ?? [], 'outcome');
            exit(array_diff($outcomes, ['sent']) || $created['left_out'] ? 1 : 0);
        }
        $id = paytr_send_link($relay_url, $secret, $argv[1], $argv[2], $argv[3]);
        echo "Sent ($id).\n";
    } catch (Exception $not_sent) {
        fwrite(STDERR, $not_sent->getMessage() . "\n");
        exit(1);
    }
}
