<?xml version="1.0" encoding="UTF-8"?>
<tileset version="1.10" tiledversion="1.11.0" name="first_light" tilewidth="16" tileheight="16" tilecount="4428" columns="36">
 <image source="first_light.png" width="576" height="1968"/>
 <tile id="0" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="4" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="5" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="6" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="7" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="8" type="sand"/>
 <tile id="9" type="sand"/>
 <tile id="10" type="sand"/>
 <tile id="11" type="sand"/>
 <tile id="12" type="path"/>
 <tile id="13" type="path"/>
 <tile id="14" type="path"/>
 <tile id="15" type="path"/>
 <tile id="16" type="soil"/>
 <tile id="17" type="soil"/>
 <tile id="18" type="soil"/>
 <tile id="19" type="soil"/>
 <tile id="20" type="grass"/>
 <tile id="21" type="grass"/>
 <tile id="22" type="grass"/>
 <tile id="23" type="grass"/>
 <tile id="24" type="grass"/>
 <tile id="25" type="grass"/>
 <tile id="26" type="grass"/>
 <tile id="27" type="grass"/>
 <tile id="28" type="forest floor"/>
 <tile id="29" type="forest floor"/>
 <tile id="30" type="forest floor"/>
 <tile id="31" type="forest floor"/>
 <tile id="32" type="cobble"/>
 <tile id="33" type="cobble"/>
 <tile id="34" type="cobble"/>
 <tile id="35" type="cobble"/>
 <tile id="36" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="37" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="38" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="39" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="40" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="41" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="42" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="43" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="44" type="sand"/>
 <tile id="45" type="sand"/>
 <tile id="46" type="sand"/>
 <tile id="47" type="sand"/>
 <tile id="48" type="path"/>
 <tile id="49" type="path"/>
 <tile id="50" type="path"/>
 <tile id="51" type="path"/>
 <tile id="52" type="soil"/>
 <tile id="53" type="soil"/>
 <tile id="54" type="soil"/>
 <tile id="55" type="soil"/>
 <tile id="56" type="grass"/>
 <tile id="57" type="grass"/>
 <tile id="58" type="grass"/>
 <tile id="59" type="grass"/>
 <tile id="60" type="grass"/>
 <tile id="61" type="grass"/>
 <tile id="62" type="grass"/>
 <tile id="63" type="grass"/>
 <tile id="64" type="forest floor"/>
 <tile id="65" type="forest floor"/>
 <tile id="66" type="forest floor"/>
 <tile id="67" type="forest floor"/>
 <tile id="68" type="cobble"/>
 <tile id="69" type="cobble"/>
 <tile id="70" type="cobble"/>
 <tile id="71" type="cobble"/>
 <tile id="72" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="73" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="74" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="75" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="76" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="77" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="78" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="79" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="80" type="sand"/>
 <tile id="81" type="sand"/>
 <tile id="82" type="sand"/>
 <tile id="83" type="sand"/>
 <tile id="84" type="path"/>
 <tile id="85" type="path"/>
 <tile id="86" type="path"/>
 <tile id="87" type="path"/>
 <tile id="88" type="soil"/>
 <tile id="89" type="soil"/>
 <tile id="90" type="soil"/>
 <tile id="91" type="soil"/>
 <tile id="92" type="grass"/>
 <tile id="93" type="grass"/>
 <tile id="94" type="grass"/>
 <tile id="95" type="grass"/>
 <tile id="96" type="grass"/>
 <tile id="97" type="grass"/>
 <tile id="98" type="grass"/>
 <tile id="99" type="grass"/>
 <tile id="100" type="forest floor"/>
 <tile id="101" type="forest floor"/>
 <tile id="102" type="forest floor"/>
 <tile id="103" type="forest floor"/>
 <tile id="104" type="cobble"/>
 <tile id="105" type="cobble"/>
 <tile id="106" type="cobble"/>
 <tile id="107" type="cobble"/>
 <tile id="108" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="109" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="110" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="111" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="112" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="113" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="114" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="115" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="116" type="sand"/>
 <tile id="117" type="sand"/>
 <tile id="118" type="sand"/>
 <tile id="119" type="sand"/>
 <tile id="120" type="path"/>
 <tile id="121" type="path"/>
 <tile id="122" type="path"/>
 <tile id="123" type="path"/>
 <tile id="124" type="soil"/>
 <tile id="125" type="soil"/>
 <tile id="126" type="soil"/>
 <tile id="127" type="soil"/>
 <tile id="128" type="grass"/>
 <tile id="129" type="grass"/>
 <tile id="130" type="grass"/>
 <tile id="131" type="grass"/>
 <tile id="132" type="grass"/>
 <tile id="133" type="grass"/>
 <tile id="134" type="grass"/>
 <tile id="135" type="grass"/>
 <tile id="136" type="forest floor"/>
 <tile id="137" type="forest floor"/>
 <tile id="138" type="forest floor"/>
 <tile id="139" type="forest floor"/>
 <tile id="140" type="cobble"/>
 <tile id="141" type="cobble"/>
 <tile id="142" type="cobble"/>
 <tile id="143" type="cobble"/>
 <tile id="144" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="145" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="146" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="147" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="148" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="149" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="150" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="151" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="152" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="153" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="154" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="155" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="156" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="157" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="158" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="159" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="160" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="161" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="162" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="163" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="164" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="165" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="166" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="167" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="168" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="169" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="170" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="171" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="172" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="173" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="174" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="175" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="176" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="177" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="178" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="179" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="180" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="181" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="182" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="183" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="184" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="185" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="186" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="187" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="188" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="189" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="190" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="191" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="192" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="193" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="194" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="195" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="196" type="sand"/>
 <tile id="197" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="198" type="sand"/>
 <tile id="199" type="sand"/>
 <tile id="200" type="sand"/>
 <tile id="201" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="202" type="sand"/>
 <tile id="203" type="sand"/>
 <tile id="204" type="sand"/>
 <tile id="205" type="sand"/>
 <tile id="206" type="sand"/>
 <tile id="207" type="sand"/>
 <tile id="208" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="209" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="210" type="path"/>
 <tile id="211" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="212" type="path"/>
 <tile id="213" type="path"/>
 <tile id="214" type="path"/>
 <tile id="215" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="216" type="path"/>
 <tile id="217" type="path"/>
 <tile id="218" type="path"/>
 <tile id="219" type="path"/>
 <tile id="220" type="path"/>
 <tile id="221" type="path"/>
 <tile id="222" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="223" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="224" type="soil"/>
 <tile id="225" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="226" type="soil"/>
 <tile id="227" type="soil"/>
 <tile id="228" type="soil"/>
 <tile id="229" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="230" type="soil"/>
 <tile id="231" type="soil"/>
 <tile id="232" type="soil"/>
 <tile id="233" type="soil"/>
 <tile id="234" type="soil"/>
 <tile id="235" type="soil"/>
 <tile id="236" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="237" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="238" type="grass"/>
 <tile id="239" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="240" type="grass"/>
 <tile id="241" type="grass"/>
 <tile id="242" type="grass"/>
 <tile id="243" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="244" type="grass"/>
 <tile id="245" type="grass"/>
 <tile id="246" type="grass"/>
 <tile id="247" type="grass"/>
 <tile id="248" type="grass"/>
 <tile id="249" type="grass"/>
 <tile id="250" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="251" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="252" type="grass"/>
 <tile id="253" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="254" type="grass"/>
 <tile id="255" type="grass"/>
 <tile id="256" type="grass"/>
 <tile id="257" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="258" type="grass"/>
 <tile id="259" type="grass"/>
 <tile id="260" type="grass"/>
 <tile id="261" type="grass"/>
 <tile id="262" type="grass"/>
 <tile id="263" type="grass"/>
 <tile id="264" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="265" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="266" type="forest floor"/>
 <tile id="267" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="268" type="forest floor"/>
 <tile id="269" type="forest floor"/>
 <tile id="270" type="forest floor"/>
 <tile id="271" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="272" type="forest floor"/>
 <tile id="273" type="forest floor"/>
 <tile id="274" type="forest floor"/>
 <tile id="275" type="forest floor"/>
 <tile id="276" type="forest floor"/>
 <tile id="277" type="forest floor"/>
 <tile id="278" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="279" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="280" type="cobble"/>
 <tile id="281" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="282" type="cobble"/>
 <tile id="283" type="cobble"/>
 <tile id="284" type="cobble"/>
 <tile id="285" type="deep water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="286" type="cobble"/>
 <tile id="287" type="cobble"/>
 <tile id="288" type="cobble"/>
 <tile id="289" type="cobble"/>
 <tile id="290" type="cobble"/>
 <tile id="291" type="cobble"/>
 <tile id="292" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="293" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="294" type="sand"/>
 <tile id="295" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="296" type="sand"/>
 <tile id="297" type="sand"/>
 <tile id="298" type="sand"/>
 <tile id="299" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="300" type="sand"/>
 <tile id="301" type="sand"/>
 <tile id="302" type="sand"/>
 <tile id="303" type="sand"/>
 <tile id="304" type="sand"/>
 <tile id="305" type="sand"/>
 <tile id="306" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="307" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="308" type="sand"/>
 <tile id="309" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="310" type="sand"/>
 <tile id="311" type="sand"/>
 <tile id="312" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="313" type="sand"/>
 <tile id="314" type="sand"/>
 <tile id="315" type="sand"/>
 <tile id="316" type="sand"/>
 <tile id="317" type="sand"/>
 <tile id="318" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="319" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="320" type="sand"/>
 <tile id="321" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="322" type="sand"/>
 <tile id="323" type="sand"/>
 <tile id="324" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="325" type="sand"/>
 <tile id="326" type="sand"/>
 <tile id="327" type="sand"/>
 <tile id="328" type="sand"/>
 <tile id="329" type="sand"/>
 <tile id="330" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="331" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="332" type="sand"/>
 <tile id="333" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="334" type="sand"/>
 <tile id="335" type="sand"/>
 <tile id="336" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="337" type="sand"/>
 <tile id="338" type="sand"/>
 <tile id="339" type="sand"/>
 <tile id="340" type="sand"/>
 <tile id="341" type="sand"/>
 <tile id="342" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="343" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="344" type="path"/>
 <tile id="345" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="346" type="path"/>
 <tile id="347" type="path"/>
 <tile id="348" type="path"/>
 <tile id="349" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="350" type="path"/>
 <tile id="351" type="path"/>
 <tile id="352" type="path"/>
 <tile id="353" type="path"/>
 <tile id="354" type="path"/>
 <tile id="355" type="path"/>
 <tile id="356" type="path"/>
 <tile id="357" type="path"/>
 <tile id="358" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="359" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="360" type="soil"/>
 <tile id="361" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="362" type="soil"/>
 <tile id="363" type="soil"/>
 <tile id="364" type="soil"/>
 <tile id="365" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="366" type="soil"/>
 <tile id="367" type="soil"/>
 <tile id="368" type="soil"/>
 <tile id="369" type="soil"/>
 <tile id="370" type="soil"/>
 <tile id="371" type="soil"/>
 <tile id="372" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="373" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="374" type="grass"/>
 <tile id="375" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="376" type="grass"/>
 <tile id="377" type="grass"/>
 <tile id="378" type="grass"/>
 <tile id="379" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="380" type="grass"/>
 <tile id="381" type="grass"/>
 <tile id="382" type="grass"/>
 <tile id="383" type="grass"/>
 <tile id="384" type="grass"/>
 <tile id="385" type="grass"/>
 <tile id="386" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="387" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="388" type="grass"/>
 <tile id="389" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="390" type="grass"/>
 <tile id="391" type="grass"/>
 <tile id="392" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="393" type="grass"/>
 <tile id="394" type="grass"/>
 <tile id="395" type="grass"/>
 <tile id="396" type="grass"/>
 <tile id="397" type="grass"/>
 <tile id="398" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="399" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="400" type="grass"/>
 <tile id="401" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="402" type="grass"/>
 <tile id="403" type="grass"/>
 <tile id="404" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="405" type="grass"/>
 <tile id="406" type="grass"/>
 <tile id="407" type="grass"/>
 <tile id="408" type="grass"/>
 <tile id="409" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="410" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="411" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="412" type="grass"/>
 <tile id="413" type="grass"/>
 <tile id="414" type="grass"/>
 <tile id="415" type="grass"/>
 <tile id="416" type="grass"/>
 <tile id="417" type="grass"/>
 <tile id="418" type="grass"/>
 <tile id="419" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="420" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="421" type="grass"/>
 <tile id="422" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="423" type="grass"/>
 <tile id="424" type="grass"/>
 <tile id="425" type="grass"/>
 <tile id="426" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="427" type="grass"/>
 <tile id="428" type="grass"/>
 <tile id="429" type="grass"/>
 <tile id="430" type="grass"/>
 <tile id="431" type="grass"/>
 <tile id="432" type="grass"/>
 <tile id="433" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="434" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="435" type="forest floor"/>
 <tile id="436" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="437" type="forest floor"/>
 <tile id="438" type="forest floor"/>
 <tile id="439" type="forest floor"/>
 <tile id="440" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="441" type="forest floor"/>
 <tile id="442" type="forest floor"/>
 <tile id="443" type="forest floor"/>
 <tile id="444" type="forest floor"/>
 <tile id="445" type="forest floor"/>
 <tile id="446" type="forest floor"/>
 <tile id="447" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="448" type="forest floor"/>
 <tile id="449" type="forest floor"/>
 <tile id="450" type="forest floor"/>
 <tile id="451" type="forest floor"/>
 <tile id="452" type="forest floor"/>
 <tile id="453" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="454" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="455" type="forest floor"/>
 <tile id="456" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="457" type="forest floor"/>
 <tile id="458" type="forest floor"/>
 <tile id="459" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="460" type="forest floor"/>
 <tile id="461" type="forest floor"/>
 <tile id="462" type="forest floor"/>
 <tile id="463" type="forest floor"/>
 <tile id="464" type="forest floor"/>
 <tile id="465" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="466" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="467" type="cobble"/>
 <tile id="468" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="469" type="cobble"/>
 <tile id="470" type="cobble"/>
 <tile id="471" type="cobble"/>
 <tile id="472" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="473" type="cobble"/>
 <tile id="474" type="cobble"/>
 <tile id="475" type="cobble"/>
 <tile id="476" type="cobble"/>
 <tile id="477" type="cobble"/>
 <tile id="478" type="cobble"/>
 <tile id="479" type="sand"/>
 <tile id="480" type="sand"/>
 <tile id="481" type="path"/>
 <tile id="482" type="sand"/>
 <tile id="483" type="path"/>
 <tile id="484" type="path"/>
 <tile id="485" type="path"/>
 <tile id="486" type="sand"/>
 <tile id="487" type="path"/>
 <tile id="488" type="path"/>
 <tile id="489" type="path"/>
 <tile id="490" type="path"/>
 <tile id="491" type="path"/>
 <tile id="492" type="path"/>
 <tile id="493" type="sand"/>
 <tile id="494" type="path"/>
 <tile id="495" type="path"/>
 <tile id="496" type="path"/>
 <tile id="497" type="sand"/>
 <tile id="498" type="sand"/>
 <tile id="499" type="path"/>
 <tile id="500" type="path"/>
 <tile id="501" type="sand"/>
 <tile id="502" type="sand"/>
 <tile id="503" type="soil"/>
 <tile id="504" type="sand"/>
 <tile id="505" type="soil"/>
 <tile id="506" type="soil"/>
 <tile id="507" type="soil"/>
 <tile id="508" type="sand"/>
 <tile id="509" type="soil"/>
 <tile id="510" type="soil"/>
 <tile id="511" type="soil"/>
 <tile id="512" type="soil"/>
 <tile id="513" type="soil"/>
 <tile id="514" type="soil"/>
 <tile id="515" type="sand"/>
 <tile id="516" type="sand"/>
 <tile id="517" type="grass"/>
 <tile id="518" type="sand"/>
 <tile id="519" type="grass"/>
 <tile id="520" type="grass"/>
 <tile id="521" type="grass"/>
 <tile id="522" type="sand"/>
 <tile id="523" type="grass"/>
 <tile id="524" type="grass"/>
 <tile id="525" type="grass"/>
 <tile id="526" type="grass"/>
 <tile id="527" type="grass"/>
 <tile id="528" type="grass"/>
 <tile id="529" type="sand"/>
 <tile id="530" type="grass"/>
 <tile id="531" type="sand"/>
 <tile id="532" type="grass"/>
 <tile id="533" type="grass"/>
 <tile id="534" type="sand"/>
 <tile id="535" type="grass"/>
 <tile id="536" type="grass"/>
 <tile id="537" type="grass"/>
 <tile id="538" type="grass"/>
 <tile id="539" type="grass"/>
 <tile id="540" type="sand"/>
 <tile id="541" type="sand"/>
 <tile id="542" type="grass"/>
 <tile id="543" type="sand"/>
 <tile id="544" type="grass"/>
 <tile id="545" type="grass"/>
 <tile id="546" type="sand"/>
 <tile id="547" type="grass"/>
 <tile id="548" type="grass"/>
 <tile id="549" type="grass"/>
 <tile id="550" type="grass"/>
 <tile id="551" type="grass"/>
 <tile id="552" type="sand"/>
 <tile id="553" type="sand"/>
 <tile id="554" type="grass"/>
 <tile id="555" type="sand"/>
 <tile id="556" type="grass"/>
 <tile id="557" type="grass"/>
 <tile id="558" type="sand"/>
 <tile id="559" type="grass"/>
 <tile id="560" type="grass"/>
 <tile id="561" type="grass"/>
 <tile id="562" type="grass"/>
 <tile id="563" type="grass"/>
 <tile id="564" type="sand"/>
 <tile id="565" type="sand"/>
 <tile id="566" type="grass"/>
 <tile id="567" type="sand"/>
 <tile id="568" type="grass"/>
 <tile id="569" type="grass"/>
 <tile id="570" type="grass"/>
 <tile id="571" type="sand"/>
 <tile id="572" type="grass"/>
 <tile id="573" type="grass"/>
 <tile id="574" type="grass"/>
 <tile id="575" type="grass"/>
 <tile id="576" type="grass"/>
 <tile id="577" type="grass"/>
 <tile id="578" type="sand"/>
 <tile id="579" type="sand"/>
 <tile id="580" type="forest floor"/>
 <tile id="581" type="sand"/>
 <tile id="582" type="forest floor"/>
 <tile id="583" type="forest floor"/>
 <tile id="584" type="forest floor"/>
 <tile id="585" type="sand"/>
 <tile id="586" type="forest floor"/>
 <tile id="587" type="forest floor"/>
 <tile id="588" type="forest floor"/>
 <tile id="589" type="forest floor"/>
 <tile id="590" type="forest floor"/>
 <tile id="591" type="forest floor"/>
 <tile id="592" type="sand"/>
 <tile id="593" type="forest floor"/>
 <tile id="594" type="sand"/>
 <tile id="595" type="forest floor"/>
 <tile id="596" type="forest floor"/>
 <tile id="597" type="forest floor"/>
 <tile id="598" type="forest floor"/>
 <tile id="599" type="sand"/>
 <tile id="600" type="forest floor"/>
 <tile id="601" type="forest floor"/>
 <tile id="602" type="sand"/>
 <tile id="603" type="forest floor"/>
 <tile id="604" type="forest floor"/>
 <tile id="605" type="forest floor"/>
 <tile id="606" type="forest floor"/>
 <tile id="607" type="sand"/>
 <tile id="608" type="sand"/>
 <tile id="609" type="cobble"/>
 <tile id="610" type="sand"/>
 <tile id="611" type="cobble"/>
 <tile id="612" type="cobble"/>
 <tile id="613" type="cobble"/>
 <tile id="614" type="sand"/>
 <tile id="615" type="cobble"/>
 <tile id="616" type="cobble"/>
 <tile id="617" type="cobble"/>
 <tile id="618" type="cobble"/>
 <tile id="619" type="cobble"/>
 <tile id="620" type="cobble"/>
 <tile id="621" type="path"/>
 <tile id="622" type="path"/>
 <tile id="623" type="soil"/>
 <tile id="624" type="path"/>
 <tile id="625" type="soil"/>
 <tile id="626" type="soil"/>
 <tile id="627" type="soil"/>
 <tile id="628" type="path"/>
 <tile id="629" type="soil"/>
 <tile id="630" type="soil"/>
 <tile id="631" type="soil"/>
 <tile id="632" type="soil"/>
 <tile id="633" type="soil"/>
 <tile id="634" type="soil"/>
 <tile id="635" type="path"/>
 <tile id="636" type="path"/>
 <tile id="637" type="grass"/>
 <tile id="638" type="path"/>
 <tile id="639" type="grass"/>
 <tile id="640" type="grass"/>
 <tile id="641" type="grass"/>
 <tile id="642" type="path"/>
 <tile id="643" type="grass"/>
 <tile id="644" type="grass"/>
 <tile id="645" type="grass"/>
 <tile id="646" type="grass"/>
 <tile id="647" type="grass"/>
 <tile id="648" type="grass"/>
 <tile id="649" type="path"/>
 <tile id="650" type="path"/>
 <tile id="651" type="grass"/>
 <tile id="652" type="path"/>
 <tile id="653" type="grass"/>
 <tile id="654" type="grass"/>
 <tile id="655" type="path"/>
 <tile id="656" type="grass"/>
 <tile id="657" type="grass"/>
 <tile id="658" type="grass"/>
 <tile id="659" type="grass"/>
 <tile id="660" type="grass"/>
 <tile id="661" type="path"/>
 <tile id="662" type="path"/>
 <tile id="663" type="grass"/>
 <tile id="664" type="path"/>
 <tile id="665" type="grass"/>
 <tile id="666" type="grass"/>
 <tile id="667" type="path"/>
 <tile id="668" type="grass"/>
 <tile id="669" type="grass"/>
 <tile id="670" type="grass"/>
 <tile id="671" type="grass"/>
 <tile id="672" type="grass"/>
 <tile id="673" type="path"/>
 <tile id="674" type="path"/>
 <tile id="675" type="grass"/>
 <tile id="676" type="path"/>
 <tile id="677" type="grass"/>
 <tile id="678" type="grass"/>
 <tile id="679" type="path"/>
 <tile id="680" type="grass"/>
 <tile id="681" type="grass"/>
 <tile id="682" type="grass"/>
 <tile id="683" type="grass"/>
 <tile id="684" type="grass"/>
 <tile id="685" type="path"/>
 <tile id="686" type="path"/>
 <tile id="687" type="grass"/>
 <tile id="688" type="path"/>
 <tile id="689" type="grass"/>
 <tile id="690" type="grass"/>
 <tile id="691" type="grass"/>
 <tile id="692" type="path"/>
 <tile id="693" type="grass"/>
 <tile id="694" type="grass"/>
 <tile id="695" type="grass"/>
 <tile id="696" type="grass"/>
 <tile id="697" type="grass"/>
 <tile id="698" type="grass"/>
 <tile id="699" type="path"/>
 <tile id="700" type="path"/>
 <tile id="701" type="forest floor"/>
 <tile id="702" type="path"/>
 <tile id="703" type="forest floor"/>
 <tile id="704" type="forest floor"/>
 <tile id="705" type="forest floor"/>
 <tile id="706" type="path"/>
 <tile id="707" type="forest floor"/>
 <tile id="708" type="forest floor"/>
 <tile id="709" type="forest floor"/>
 <tile id="710" type="forest floor"/>
 <tile id="711" type="forest floor"/>
 <tile id="712" type="forest floor"/>
 <tile id="713" type="path"/>
 <tile id="714" type="forest floor"/>
 <tile id="715" type="path"/>
 <tile id="716" type="forest floor"/>
 <tile id="717" type="forest floor"/>
 <tile id="718" type="forest floor"/>
 <tile id="719" type="forest floor"/>
 <tile id="720" type="path"/>
 <tile id="721" type="path"/>
 <tile id="722" type="forest floor"/>
 <tile id="723" type="path"/>
 <tile id="724" type="forest floor"/>
 <tile id="725" type="path"/>
 <tile id="726" type="forest floor"/>
 <tile id="727" type="forest floor"/>
 <tile id="728" type="forest floor"/>
 <tile id="729" type="forest floor"/>
 <tile id="730" type="forest floor"/>
 <tile id="731" type="path"/>
 <tile id="732" type="path"/>
 <tile id="733" type="forest floor"/>
 <tile id="734" type="path"/>
 <tile id="735" type="forest floor"/>
 <tile id="736" type="forest floor"/>
 <tile id="737" type="forest floor"/>
 <tile id="738" type="forest floor"/>
 <tile id="739" type="path"/>
 <tile id="740" type="path"/>
 <tile id="741" type="cobble"/>
 <tile id="742" type="path"/>
 <tile id="743" type="cobble"/>
 <tile id="744" type="cobble"/>
 <tile id="745" type="cobble"/>
 <tile id="746" type="path"/>
 <tile id="747" type="cobble"/>
 <tile id="748" type="cobble"/>
 <tile id="749" type="cobble"/>
 <tile id="750" type="cobble"/>
 <tile id="751" type="cobble"/>
 <tile id="752" type="cobble"/>
 <tile id="753" type="cobble"/>
 <tile id="754" type="cobble"/>
 <tile id="755" type="cobble"/>
 <tile id="756" type="cobble"/>
 <tile id="757" type="path"/>
 <tile id="758" type="cobble"/>
 <tile id="759" type="path"/>
 <tile id="760" type="cobble"/>
 <tile id="761" type="cobble"/>
 <tile id="762" type="cobble"/>
 <tile id="763" type="cobble"/>
 <tile id="764" type="cobble"/>
 <tile id="765" type="soil"/>
 <tile id="766" type="soil"/>
 <tile id="767" type="grass"/>
 <tile id="768" type="soil"/>
 <tile id="769" type="grass"/>
 <tile id="770" type="grass"/>
 <tile id="771" type="grass"/>
 <tile id="772" type="soil"/>
 <tile id="773" type="grass"/>
 <tile id="774" type="grass"/>
 <tile id="775" type="grass"/>
 <tile id="776" type="grass"/>
 <tile id="777" type="grass"/>
 <tile id="778" type="grass"/>
 <tile id="779" type="grass"/>
 <tile id="780" type="grass"/>
 <tile id="781" type="grass"/>
 <tile id="782" type="grass"/>
 <tile id="783" type="grass"/>
 <tile id="784" type="grass"/>
 <tile id="785" type="grass"/>
 <tile id="786" type="grass"/>
 <tile id="787" type="grass"/>
 <tile id="788" type="grass"/>
 <tile id="789" type="grass"/>
 <tile id="790" type="grass"/>
 <tile id="791" type="grass"/>
 <tile id="792" type="grass"/>
 <tile id="793" type="grass"/>
 <tile id="794" type="grass"/>
 <tile id="795" type="grass"/>
 <tile id="796" type="grass"/>
 <tile id="797" type="grass"/>
 <tile id="798" type="grass"/>
 <tile id="799" type="grass"/>
 <tile id="800" type="grass"/>
 <tile id="801" type="soil"/>
 <tile id="802" type="soil"/>
 <tile id="803" type="grass"/>
 <tile id="804" type="soil"/>
 <tile id="805" type="grass"/>
 <tile id="806" type="grass"/>
 <tile id="807" type="grass"/>
 <tile id="808" type="soil"/>
 <tile id="809" type="grass"/>
 <tile id="810" type="grass"/>
 <tile id="811" type="grass"/>
 <tile id="812" type="grass"/>
 <tile id="813" type="grass"/>
 <tile id="814" type="grass"/>
 <tile id="815" type="soil"/>
 <tile id="816" type="soil"/>
 <tile id="817" type="forest floor"/>
 <tile id="818" type="soil"/>
 <tile id="819" type="forest floor"/>
 <tile id="820" type="forest floor"/>
 <tile id="821" type="forest floor"/>
 <tile id="822" type="soil"/>
 <tile id="823" type="forest floor"/>
 <tile id="824" type="forest floor"/>
 <tile id="825" type="forest floor"/>
 <tile id="826" type="forest floor"/>
 <tile id="827" type="forest floor"/>
 <tile id="828" type="forest floor"/>
 <tile id="829" type="forest floor"/>
 <tile id="830" type="forest floor"/>
 <tile id="831" type="forest floor"/>
 <tile id="832" type="forest floor"/>
 <tile id="833" type="soil"/>
 <tile id="834" type="soil"/>
 <tile id="835" type="cobble"/>
 <tile id="836" type="soil"/>
 <tile id="837" type="cobble"/>
 <tile id="838" type="cobble"/>
 <tile id="839" type="cobble"/>
 <tile id="840" type="soil"/>
 <tile id="841" type="cobble"/>
 <tile id="842" type="cobble"/>
 <tile id="843" type="cobble"/>
 <tile id="844" type="cobble"/>
 <tile id="845" type="cobble"/>
 <tile id="846" type="cobble"/>
 <tile id="847" type="grass"/>
 <tile id="848" type="grass"/>
 <tile id="849" type="grass"/>
 <tile id="850" type="grass"/>
 <tile id="851" type="grass"/>
 <tile id="852" type="grass"/>
 <tile id="853" type="grass"/>
 <tile id="854" type="grass"/>
 <tile id="855" type="grass"/>
 <tile id="856" type="grass"/>
 <tile id="857" type="grass"/>
 <tile id="858" type="grass"/>
 <tile id="859" type="grass"/>
 <tile id="860" type="grass"/>
 <tile id="861" type="grass"/>
 <tile id="862" type="grass"/>
 <tile id="863" type="grass"/>
 <tile id="864" type="grass"/>
 <tile id="865" type="grass"/>
 <tile id="866" type="grass"/>
 <tile id="867" type="grass"/>
 <tile id="868" type="grass"/>
 <tile id="869" type="grass"/>
 <tile id="870" type="grass"/>
 <tile id="871" type="grass"/>
 <tile id="872" type="grass"/>
 <tile id="873" type="grass"/>
 <tile id="874" type="grass"/>
 <tile id="875" type="grass"/>
 <tile id="876" type="grass"/>
 <tile id="877" type="grass"/>
 <tile id="878" type="grass"/>
 <tile id="879" type="grass"/>
 <tile id="880" type="grass"/>
 <tile id="881" type="grass"/>
 <tile id="882" type="grass"/>
 <tile id="883" type="grass"/>
 <tile id="884" type="grass"/>
 <tile id="885" type="grass"/>
 <tile id="886" type="grass"/>
 <tile id="887" type="grass"/>
 <tile id="888" type="grass"/>
 <tile id="889" type="grass"/>
 <tile id="890" type="grass"/>
 <tile id="891" type="grass"/>
 <tile id="892" type="grass"/>
 <tile id="893" type="grass"/>
 <tile id="894" type="grass"/>
 <tile id="895" type="grass"/>
 <tile id="896" type="grass"/>
 <tile id="897" type="grass"/>
 <tile id="898" type="grass"/>
 <tile id="899" type="grass"/>
 <tile id="900" type="grass"/>
 <tile id="901" type="grass"/>
 <tile id="902" type="forest floor"/>
 <tile id="903" type="grass"/>
 <tile id="904" type="forest floor"/>
 <tile id="905" type="forest floor"/>
 <tile id="906" type="forest floor"/>
 <tile id="907" type="grass"/>
 <tile id="908" type="forest floor"/>
 <tile id="909" type="forest floor"/>
 <tile id="910" type="forest floor"/>
 <tile id="911" type="forest floor"/>
 <tile id="912" type="forest floor"/>
 <tile id="913" type="forest floor"/>
 <tile id="914" type="grass"/>
 <tile id="915" type="grass"/>
 <tile id="916" type="forest floor"/>
 <tile id="917" type="grass"/>
 <tile id="918" type="forest floor"/>
 <tile id="919" type="forest floor"/>
 <tile id="920" type="grass"/>
 <tile id="921" type="forest floor"/>
 <tile id="922" type="forest floor"/>
 <tile id="923" type="forest floor"/>
 <tile id="924" type="forest floor"/>
 <tile id="925" type="forest floor"/>
 <tile id="926" type="grass"/>
 <tile id="927" type="grass"/>
 <tile id="928" type="forest floor"/>
 <tile id="929" type="grass"/>
 <tile id="930" type="forest floor"/>
 <tile id="931" type="forest floor"/>
 <tile id="932" type="grass"/>
 <tile id="933" type="forest floor"/>
 <tile id="934" type="forest floor"/>
 <tile id="935" type="forest floor"/>
 <tile id="936" type="forest floor"/>
 <tile id="937" type="forest floor"/>
 <tile id="938" type="grass"/>
 <tile id="939" type="grass"/>
 <tile id="940" type="forest floor"/>
 <tile id="941" type="grass"/>
 <tile id="942" type="forest floor"/>
 <tile id="943" type="forest floor"/>
 <tile id="944" type="grass"/>
 <tile id="945" type="forest floor"/>
 <tile id="946" type="forest floor"/>
 <tile id="947" type="forest floor"/>
 <tile id="948" type="forest floor"/>
 <tile id="949" type="forest floor"/>
 <tile id="950" type="forest floor"/>
 <tile id="951" type="grass"/>
 <tile id="952" type="grass"/>
 <tile id="953" type="cobble"/>
 <tile id="954" type="grass"/>
 <tile id="955" type="cobble"/>
 <tile id="956" type="cobble"/>
 <tile id="957" type="cobble"/>
 <tile id="958" type="grass"/>
 <tile id="959" type="cobble"/>
 <tile id="960" type="cobble"/>
 <tile id="961" type="cobble"/>
 <tile id="962" type="cobble"/>
 <tile id="963" type="cobble"/>
 <tile id="964" type="cobble"/>
 <tile id="965" type="grass"/>
 <tile id="966" type="cobble"/>
 <tile id="967" type="cobble"/>
 <tile id="968" type="grass"/>
 <tile id="969" type="cobble"/>
 <tile id="970" type="cobble"/>
 <tile id="971" type="grass"/>
 <tile id="972" type="cobble"/>
 <tile id="973" type="grass"/>
 <tile id="974" type="cobble"/>
 <tile id="975" type="cobble"/>
 <tile id="976" type="grass"/>
 <tile id="977" type="cobble"/>
 <tile id="978" type="grass"/>
 <tile id="979" type="cobble"/>
 <tile id="980" type="cobble"/>
 <tile id="981" type="cobble"/>
 <tile id="982" type="cobble"/>
 <tile id="983" type="cobble"/>
 <tile id="984" type="grass"/>
 <tile id="985" type="grass"/>
 <tile id="986" type="forest floor"/>
 <tile id="987" type="grass"/>
 <tile id="988" type="forest floor"/>
 <tile id="989" type="forest floor"/>
 <tile id="990" type="forest floor"/>
 <tile id="991" type="grass"/>
 <tile id="992" type="forest floor"/>
 <tile id="993" type="forest floor"/>
 <tile id="994" type="forest floor"/>
 <tile id="995" type="forest floor"/>
 <tile id="996" type="forest floor"/>
 <tile id="997" type="forest floor"/>
 <tile id="998" type="grass"/>
 <tile id="999" type="grass"/>
 <tile id="1000" type="forest floor"/>
 <tile id="1001" type="grass"/>
 <tile id="1002" type="forest floor"/>
 <tile id="1003" type="forest floor"/>
 <tile id="1004" type="grass"/>
 <tile id="1005" type="forest floor"/>
 <tile id="1006" type="forest floor"/>
 <tile id="1007" type="forest floor"/>
 <tile id="1008" type="forest floor"/>
 <tile id="1009" type="forest floor"/>
 <tile id="1010" type="forest floor"/>
 <tile id="1011" type="grass"/>
 <tile id="1012" type="grass"/>
 <tile id="1013" type="forest floor"/>
 <tile id="1014" type="grass"/>
 <tile id="1015" type="forest floor"/>
 <tile id="1016" type="forest floor"/>
 <tile id="1017" type="grass"/>
 <tile id="1018" type="forest floor"/>
 <tile id="1019" type="forest floor"/>
 <tile id="1020" type="forest floor"/>
 <tile id="1021" type="forest floor"/>
 <tile id="1022" type="forest floor"/>
 <tile id="1023" type="forest floor"/>
 <tile id="1024" type="grass"/>
 <tile id="1025" type="grass"/>
 <tile id="1026" type="forest floor"/>
 <tile id="1027" type="grass"/>
 <tile id="1028" type="forest floor"/>
 <tile id="1029" type="forest floor"/>
 <tile id="1030" type="forest floor"/>
 <tile id="1031" type="grass"/>
 <tile id="1032" type="forest floor"/>
 <tile id="1033" type="forest floor"/>
 <tile id="1034" type="forest floor"/>
 <tile id="1035" type="forest floor"/>
 <tile id="1036" type="forest floor"/>
 <tile id="1037" type="grass"/>
 <tile id="1038" type="grass"/>
 <tile id="1039" type="cobble"/>
 <tile id="1040" type="grass"/>
 <tile id="1041" type="cobble"/>
 <tile id="1042" type="cobble"/>
 <tile id="1043" type="cobble"/>
 <tile id="1044" type="grass"/>
 <tile id="1045" type="cobble"/>
 <tile id="1046" type="cobble"/>
 <tile id="1047" type="cobble"/>
 <tile id="1048" type="cobble"/>
 <tile id="1049" type="cobble"/>
 <tile id="1050" type="cobble"/>
 <tile id="1051" type="grass"/>
 <tile id="1052" type="cobble"/>
 <tile id="1053" type="cobble"/>
 <tile id="1054" type="cobble"/>
 <tile id="1055" type="cobble"/>
 <tile id="1056" type="cobble"/>
 <tile id="1057" type="cobble"/>
 <tile id="1058" type="cobble"/>
 <tile id="1059" type="forest floor"/>
 <tile id="1060" type="forest floor"/>
 <tile id="1061" type="cobble"/>
 <tile id="1062" type="forest floor"/>
 <tile id="1063" type="cobble"/>
 <tile id="1064" type="cobble"/>
 <tile id="1065" type="cobble"/>
 <tile id="1066" type="forest floor"/>
 <tile id="1067" type="cobble"/>
 <tile id="1068" type="cobble"/>
 <tile id="1069" type="cobble"/>
 <tile id="1070" type="cobble"/>
 <tile id="1071" type="cobble"/>
 <tile id="1072" type="cobble"/>
 <tile id="1073" type="cobble"/>
 <tile id="1074" type="cobble"/>
 <tile id="1075" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1076" type="water"/>
 <tile id="1077" type="sand"/>
 <tile id="1078" type="water"/>
 <tile id="1079" type="water"/>
 <tile id="1080" type="water"/>
 <tile id="1081" type="water"/>
 <tile id="1082" type="grass"/>
 <tile id="1083" type="sand"/>
 <tile id="1084" type="grass"/>
 <tile id="1085" type="sand"/>
 <tile id="1086" type="grass"/>
 <tile id="1087" type="water"/>
 <tile id="1088" type="water"/>
 <tile id="1089" type="water"/>
 <tile id="1090" type="sand"/>
 <tile id="1091" type="sand"/>
 <tile id="1092" type="grass"/>
 <tile id="1093" type="water"/>
 <tile id="1094" type="water"/>
 <tile id="1095" type="sand"/>
 <tile id="1096" type="sand"/>
 <tile id="1097" type="sand"/>
 <tile id="1098" type="grass"/>
 <tile id="1099" type="sand"/>
 <tile id="1100" type="sand"/>
 <tile id="1101" type="grass"/>
 <tile id="1102" type="water"/>
 <tile id="1103" type="water"/>
 <tile id="1104" type="sand"/>
 <tile id="1105" type="water"/>
 <tile id="1106" type="water"/>
 <tile id="1107" type="sand"/>
 <tile id="1108" type="sand"/>
 <tile id="1109" type="sand"/>
 <tile id="1110" type="grass"/>
 <tile id="1111" type="grass"/>
 <tile id="1112" type="grass"/>
 <tile id="1113" type="sand"/>
 <tile id="1114" type="grass"/>
 <tile id="1115" type="sand"/>
 <tile id="1116" type="forest floor"/>
 <tile id="1117" type="water"/>
 <tile id="1118" type="water"/>
 <tile id="1119" type="water"/>
 <tile id="1120" type="water"/>
 <tile id="1121" type="grass"/>
 <tile id="1122" type="water"/>
 <tile id="1123" type="forest floor"/>
 <tile id="1124" type="path"/>
 <tile id="1125" type="path"/>
 <tile id="1126" type="sand"/>
 <tile id="1127" type="path"/>
 <tile id="1128" type="path"/>
 <tile id="1129" type="sand"/>
 <tile id="1130" type="path"/>
 <tile id="1131" type="sand"/>
 <tile id="1132" type="grass"/>
 <tile id="1133" type="grass"/>
 <tile id="1134" type="forest floor"/>
 <tile id="1135" type="grass"/>
 <tile id="1136" type="grass"/>
 <tile id="1137" type="sand"/>
 <tile id="1138" type="grass"/>
 <tile id="1139" type="path"/>
 <tile id="1140" type="path"/>
 <tile id="1141" type="grass"/>
 <tile id="1142" type="path"/>
 <tile id="1143" type="path"/>
 <tile id="1144" type="path"/>
 <tile id="1145" type="path"/>
 <tile id="1146" type="path"/>
 <tile id="1147" type="forest floor"/>
 <tile id="1148" type="path"/>
 <tile id="1149" type="path"/>
 <tile id="1150" type="forest floor"/>
 <tile id="1151" type="grass"/>
 <tile id="1152" type="grass"/>
 <tile id="1153" type="path"/>
 <tile id="1154" type="grass"/>
 <tile id="1155" type="cobble"/>
 <tile id="1156" type="cobble"/>
 <tile id="1157" type="grass"/>
 <tile id="1158" type="path"/>
 <tile id="1159" type="grass"/>
 <tile id="1160" type="cobble"/>
 <tile id="1161" type="cobble"/>
 <tile id="1162" type="path"/>
 <tile id="1163" type="grass"/>
 <tile id="1164" type="cobble"/>
 <tile id="1165" type="cobble"/>
 <tile id="1166" type="cobble"/>
 <tile id="1167" type="cobble"/>
 <tile id="1168" type="soil"/>
 <tile id="1169" type="soil"/>
 <tile id="1170" type="soil"/>
 <tile id="1171" type="grass"/>
 <tile id="1172" type="grass"/>
 <tile id="1173" type="grass"/>
 <tile id="1174" type="grass"/>
 <tile id="1175" type="grass"/>
 <tile id="1176" type="forest floor"/>
 <tile id="1177" type="grass"/>
 <tile id="1178" type="forest floor"/>
 <tile id="1179" type="grass"/>
 <tile id="1180" type="grass"/>
 <tile id="1181" type="forest floor"/>
 <tile id="1182" type="forest floor"/>
 <tile id="1183" type="forest floor"/>
 <tile id="1184" type="forest floor"/>
 <tile id="1185" type="forest floor"/>
 <tile id="1186" type="grass"/>
 <tile id="1187" type="forest floor"/>
 <tile id="1188" type="forest floor"/>
 <tile id="1189" type="forest floor"/>
 <tile id="1190" type="grass"/>
 <tile id="1191" type="grass"/>
 <tile id="1192" type="grass"/>
 <tile id="1193" type="forest floor"/>
 <tile id="1194" type="forest floor"/>
 <tile id="1195" type="grass"/>
 <tile id="1196" type="forest floor"/>
 <tile id="1197" type="grass"/>
 <tile id="1198" type="grass"/>
 <tile id="1199" type="grass"/>
 <tile id="1200" type="forest floor"/>
 <tile id="1201" type="grass"/>
 <tile id="1202" type="forest floor"/>
 <tile id="1203" type="forest floor"/>
 <tile id="1204" type="forest floor"/>
 <tile id="1205" type="grass"/>
 <tile id="1206" type="grass"/>
 <tile id="1207" type="grass"/>
 <tile id="1208" type="grass"/>
 <tile id="1209" type="grass"/>
 <tile id="1210" type="grass"/>
 <tile id="1211" type="grass"/>
 <tile id="1212" type="grass"/>
 <tile id="1213" type="grass"/>
 <tile id="1214" type="forest floor"/>
 <tile id="1215" type="grass"/>
 <tile id="1216" type="grass"/>
 <tile id="1217" type="grass"/>
 <tile id="1218" type="forest floor"/>
 <tile id="1219" type="forest floor"/>
 <tile id="1220" type="cobble"/>
 <tile id="1221" type="cobble"/>
 <tile id="1222" type="cobble"/>
 <tile id="1223" type="cobble"/>
 <tile id="1224" type="cobble"/>
 <tile id="1225" type="grass"/>
 <tile id="1226" type="cobble"/>
 <tile id="1227" type="cobble"/>
 <tile id="1228" type="cobble"/>
 <tile id="1229" type="cobble"/>
 <tile id="1230" type="grass"/>
 <tile id="1231" type="grass"/>
 <tile id="1232" type="cobble"/>
 <tile id="1233" type="cobble"/>
 <tile id="1234" type="cobble"/>
 <tile id="1235" type="cobble"/>
 <tile id="1236" type="grass"/>
 <tile id="1260" type="fence">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1261" type="fence">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1262" type="fence">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1263" type="fence">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1264" type="fence">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1265" type="fence">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1266" type="fence">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1267" type="fence">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1268" type="fence">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1269" type="fence">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1270" type="fence">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1271" type="fence">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1272" type="fence">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1273" type="fence">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1274" type="fence">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1275" type="fence">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1276" type="crops"/>
 <tile id="1277" type="crops"/>
 <tile id="1278" type="crops"/>
 <tile id="1279" type="bush">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1280" type="bush">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1281" type="bush">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1282" type="bush">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1283" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1284" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1285" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1286" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1287" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1288" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1289" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1290" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1291" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1292" type="stump">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1293" type="meadow"/>
 <tile id="1294" type="meadow"/>
 <tile id="1295" type="meadow"/>
 <tile id="1296" type="meadow"/>
 <tile id="1297" type="meadow"/>
 <tile id="1298" type="meadow"/>
 <tile id="1299" type="meadow"/>
 <tile id="1300" type="meadow"/>
 <tile id="1301" type="meadow"/>
 <tile id="1302" type="meadow"/>
 <tile id="1303" type="meadow"/>
 <tile id="1304" type="meadow"/>
 <tile id="1305" type="meadow"/>
 <tile id="1306" type="meadow"/>
 <tile id="1307" type="meadow"/>
 <tile id="1308" type="meadow"/>
 <tile id="1309" type="meadow"/>
 <tile id="1310" type="meadow"/>
 <tile id="1311" type="meadow"/>
 <tile id="1312" type="meadow"/>
 <tile id="1313" type="meadow"/>
 <tile id="1314" type="meadow"/>
 <tile id="1315" type="meadow"/>
 <tile id="1316" type="meadow"/>
 <tile id="1317" type="meadow"/>
 <tile id="1318" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1319" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1320" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1333" type="canopy"/>
 <tile id="1336" type="canopy"/>
 <tile id="1339" type="canopy"/>
 <tile id="1342" type="canopy"/>
 <tile id="1347" type="canopy"/>
 <tile id="1350" type="canopy"/>
 <tile id="1353" type="canopy"/>
 <tile id="1356" type="canopy"/>
 <tile id="1368" type="canopy"/>
 <tile id="1369" type="canopy"/>
 <tile id="1370" type="canopy"/>
 <tile id="1371" type="canopy"/>
 <tile id="1372" type="canopy"/>
 <tile id="1373" type="canopy"/>
 <tile id="1374" type="canopy"/>
 <tile id="1375" type="canopy"/>
 <tile id="1376" type="canopy"/>
 <tile id="1377" type="canopy"/>
 <tile id="1378" type="canopy"/>
 <tile id="1379" type="canopy"/>
 <tile id="1383" type="canopy"/>
 <tile id="1384" type="canopy"/>
 <tile id="1386" type="canopy"/>
 <tile id="1389" type="canopy"/>
 <tile id="1390" type="canopy"/>
 <tile id="1392" type="canopy"/>
 <tile id="1404" type="canopy"/>
 <tile id="1405" type="canopy"/>
 <tile id="1406" type="canopy"/>
 <tile id="1407" type="canopy"/>
 <tile id="1408" type="canopy"/>
 <tile id="1409" type="canopy"/>
 <tile id="1410" type="canopy"/>
 <tile id="1411" type="canopy"/>
 <tile id="1412" type="canopy"/>
 <tile id="1413" type="canopy"/>
 <tile id="1414" type="canopy"/>
 <tile id="1415" type="canopy"/>
 <tile id="1416" type="canopy"/>
 <tile id="1418" type="canopy"/>
 <tile id="1419" type="canopy"/>
 <tile id="1420" type="canopy"/>
 <tile id="1421" type="canopy"/>
 <tile id="1422" type="canopy"/>
 <tile id="1423" type="canopy"/>
 <tile id="1424" type="canopy"/>
 <tile id="1425" type="canopy"/>
 <tile id="1426" type="canopy"/>
 <tile id="1427" type="canopy"/>
 <tile id="1428" type="canopy"/>
 <tile id="1429" type="canopy"/>
 <tile id="1430" type="canopy"/>
 <tile id="1440" type="canopy"/>
 <tile id="1441" type="canopy"/>
 <tile id="1442" type="canopy"/>
 <tile id="1443" type="canopy"/>
 <tile id="1444" type="canopy"/>
 <tile id="1445" type="canopy"/>
 <tile id="1446" type="canopy"/>
 <tile id="1447" type="canopy"/>
 <tile id="1448" type="canopy"/>
 <tile id="1449" type="canopy"/>
 <tile id="1450" type="canopy"/>
 <tile id="1451" type="canopy"/>
 <tile id="1452" type="canopy"/>
 <tile id="1453" type="canopy"/>
 <tile id="1454" type="canopy"/>
 <tile id="1455" type="canopy"/>
 <tile id="1456" type="canopy"/>
 <tile id="1457" type="canopy"/>
 <tile id="1458" type="canopy"/>
 <tile id="1459" type="canopy"/>
 <tile id="1460" type="canopy"/>
 <tile id="1461" type="canopy"/>
 <tile id="1462" type="canopy"/>
 <tile id="1463" type="canopy"/>
 <tile id="1464" type="canopy"/>
 <tile id="1465" type="canopy"/>
 <tile id="1466" type="canopy"/>
 <tile id="1467" type="canopy"/>
 <tile id="1477" type="canopy"/>
 <tile id="1478" type="canopy"/>
 <tile id="1479" type="canopy"/>
 <tile id="1480" type="canopy"/>
 <tile id="1481" type="canopy"/>
 <tile id="1482" type="canopy"/>
 <tile id="1483" type="canopy"/>
 <tile id="1484" type="canopy"/>
 <tile id="1485" type="canopy"/>
 <tile id="1486" type="canopy"/>
 <tile id="1487" type="canopy"/>
 <tile id="1488" type="canopy"/>
 <tile id="1489" type="canopy"/>
 <tile id="1491" type="canopy"/>
 <tile id="1492" type="canopy"/>
 <tile id="1493" type="canopy"/>
 <tile id="1494" type="canopy"/>
 <tile id="1495" type="canopy"/>
 <tile id="1496" type="canopy"/>
 <tile id="1497" type="canopy"/>
 <tile id="1498" type="canopy"/>
 <tile id="1499" type="canopy"/>
 <tile id="1500" type="canopy"/>
 <tile id="1501" type="canopy"/>
 <tile id="1502" type="canopy"/>
 <tile id="1503" type="canopy"/>
 <tile id="1512" type="canopy"/>
 <tile id="1513" type="canopy"/>
 <tile id="1514" type="canopy"/>
 <tile id="1515" type="canopy"/>
 <tile id="1516" type="canopy"/>
 <tile id="1517" type="canopy"/>
 <tile id="1518" type="canopy"/>
 <tile id="1519" type="canopy"/>
 <tile id="1520" type="canopy"/>
 <tile id="1521" type="canopy"/>
 <tile id="1522" type="canopy"/>
 <tile id="1523" type="canopy"/>
 <tile id="1524" type="canopy"/>
 <tile id="1525" type="canopy"/>
 <tile id="1527" type="canopy"/>
 <tile id="1528" type="canopy"/>
 <tile id="1529" type="canopy"/>
 <tile id="1530" type="canopy"/>
 <tile id="1531" type="canopy"/>
 <tile id="1532" type="canopy"/>
 <tile id="1533" type="canopy"/>
 <tile id="1534" type="canopy"/>
 <tile id="1535" type="canopy"/>
 <tile id="1536" type="canopy"/>
 <tile id="1537" type="canopy"/>
 <tile id="1538" type="canopy"/>
 <tile id="1539" type="canopy"/>
 <tile id="1548" type="canopy"/>
 <tile id="1549" type="canopy"/>
 <tile id="1550" type="canopy"/>
 <tile id="1551" type="canopy"/>
 <tile id="1552" type="canopy"/>
 <tile id="1553" type="canopy"/>
 <tile id="1554" type="canopy"/>
 <tile id="1555" type="canopy"/>
 <tile id="1556" type="canopy"/>
 <tile id="1557" type="canopy"/>
 <tile id="1558" type="canopy"/>
 <tile id="1559" type="canopy"/>
 <tile id="1560" type="canopy"/>
 <tile id="1562" type="canopy"/>
 <tile id="1563" type="canopy"/>
 <tile id="1564" type="canopy"/>
 <tile id="1565" type="canopy"/>
 <tile id="1566" type="canopy"/>
 <tile id="1567" type="canopy"/>
 <tile id="1568" type="canopy"/>
 <tile id="1569" type="canopy"/>
 <tile id="1570" type="canopy"/>
 <tile id="1571" type="canopy"/>
 <tile id="1572" type="canopy"/>
 <tile id="1573" type="canopy"/>
 <tile id="1574" type="canopy"/>
 <tile id="1584" type="canopy"/>
 <tile id="1585" type="canopy"/>
 <tile id="1586" type="canopy"/>
 <tile id="1587" type="canopy"/>
 <tile id="1588" type="canopy"/>
 <tile id="1589" type="canopy"/>
 <tile id="1590" type="canopy"/>
 <tile id="1591" type="canopy"/>
 <tile id="1592" type="canopy"/>
 <tile id="1593" type="canopy"/>
 <tile id="1594" type="canopy"/>
 <tile id="1595" type="canopy"/>
 <tile id="1596" type="canopy"/>
 <tile id="1597" type="canopy"/>
 <tile id="1598" type="canopy"/>
 <tile id="1599" type="canopy"/>
 <tile id="1600" type="canopy"/>
 <tile id="1601" type="canopy"/>
 <tile id="1602" type="canopy"/>
 <tile id="1603" type="canopy"/>
 <tile id="1604" type="canopy"/>
 <tile id="1605" type="canopy"/>
 <tile id="1606" type="canopy"/>
 <tile id="1607" type="canopy"/>
 <tile id="1608" type="canopy"/>
 <tile id="1609" type="canopy"/>
 <tile id="1610" type="canopy"/>
 <tile id="1611" type="canopy"/>
 <tile id="1622" type="canopy"/>
 <tile id="1623" type="canopy"/>
 <tile id="1624" type="canopy"/>
 <tile id="1625" type="canopy"/>
 <tile id="1626" type="canopy"/>
 <tile id="1627" type="canopy"/>
 <tile id="1628" type="canopy"/>
 <tile id="1629" type="canopy"/>
 <tile id="1630" type="canopy"/>
 <tile id="1631" type="canopy"/>
 <tile id="1632" type="canopy"/>
 <tile id="1633" type="canopy"/>
 <tile id="1636" type="canopy"/>
 <tile id="1637" type="canopy"/>
 <tile id="1638" type="canopy"/>
 <tile id="1639" type="canopy"/>
 <tile id="1640" type="canopy"/>
 <tile id="1641" type="canopy"/>
 <tile id="1642" type="canopy"/>
 <tile id="1643" type="canopy"/>
 <tile id="1644" type="canopy"/>
 <tile id="1645" type="canopy"/>
 <tile id="1646" type="canopy"/>
 <tile id="1647" type="canopy"/>
 <tile id="1658" type="canopy"/>
 <tile id="1659" type="canopy"/>
 <tile id="1660" type="canopy"/>
 <tile id="1661" type="canopy"/>
 <tile id="1662" type="canopy"/>
 <tile id="1663" type="canopy"/>
 <tile id="1664" type="canopy"/>
 <tile id="1665" type="canopy"/>
 <tile id="1666" type="canopy"/>
 <tile id="1667" type="canopy"/>
 <tile id="1668" type="canopy"/>
 <tile id="1669" type="canopy"/>
 <tile id="1672" type="canopy"/>
 <tile id="1673" type="canopy"/>
 <tile id="1674" type="canopy"/>
 <tile id="1675" type="canopy"/>
 <tile id="1676" type="canopy"/>
 <tile id="1677" type="canopy"/>
 <tile id="1678" type="canopy"/>
 <tile id="1679" type="canopy"/>
 <tile id="1680" type="canopy"/>
 <tile id="1681" type="canopy"/>
 <tile id="1682" type="canopy"/>
 <tile id="1683" type="canopy"/>
 <tile id="1692" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1693" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1694" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1695" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1696" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1697" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1698" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1699" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1700" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1701" type="pier"/>
 <tile id="1702" type="pier"/>
 <tile id="1728" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1736" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1737" type="pier"/>
 <tile id="1738" type="pier"/>
 <tile id="1764" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1772" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1773" type="pier"/>
 <tile id="1774" type="pier"/>
 <tile id="1800" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1808" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1809" type="pier"/>
 <tile id="1810" type="pier"/>
 <tile id="1836" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1844" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1845" type="pier"/>
 <tile id="1846" type="pier"/>
 <tile id="1872" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1873" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1874" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1875" type="stairs"/>
 <tile id="1876" type="stairs"/>
 <tile id="1877" type="stairs"/>
 <tile id="1878" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1879" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1880" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1881" type="pier"/>
 <tile id="1882" type="pier"/>
 <tile id="1908" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1909" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1910" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1911" type="stairs"/>
 <tile id="1912" type="stairs"/>
 <tile id="1913" type="stairs"/>
 <tile id="1914" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1915" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1916" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1917" type="pier"/>
 <tile id="1918" type="pier"/>
 <tile id="1944" type="shade"/>
 <tile id="1945" type="shade"/>
 <tile id="1946" type="shade"/>
 <tile id="1947" type="shade"/>
 <tile id="1948" type="shade"/>
 <tile id="1949" type="shade"/>
 <tile id="1950" type="shade"/>
 <tile id="1951" type="shade"/>
 <tile id="1952" type="shade"/>
 <tile id="1953" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1954" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1980" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1983" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1986" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1989" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1992" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1995" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="1998" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2001" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2054" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2057" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2060" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2063" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2066" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2069" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2072" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2075" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2124" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2127" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2130" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2133" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2136" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2139" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2142" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2145" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2198" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2201" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2204" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2207" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2210" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2213" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2216" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2219" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2232" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2233" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2234" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2235" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2236" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2237" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2238" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2239" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2240" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2242" type="canopy"/>
 <tile id="2243" type="canopy"/>
 <tile id="2244" type="canopy"/>
 <tile id="2245" type="canopy"/>
 <tile id="2246" type="canopy"/>
 <tile id="2247" type="canopy"/>
 <tile id="2248" type="canopy"/>
 <tile id="2249" type="canopy"/>
 <tile id="2250" type="canopy"/>
 <tile id="2251" type="canopy"/>
 <tile id="2252" type="canopy"/>
 <tile id="2268" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2269" type="bed">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2270" type="floor"/>
 <tile id="2271" type="table">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2272" type="floor"/>
 <tile id="2273" type="table">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2274" type="floor"/>
 <tile id="2275" type="hearth">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2276" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2278" type="canopy"/>
 <tile id="2279" type="canopy"/>
 <tile id="2280" type="canopy"/>
 <tile id="2281" type="canopy"/>
 <tile id="2282" type="canopy"/>
 <tile id="2283" type="canopy"/>
 <tile id="2284" type="canopy"/>
 <tile id="2285" type="canopy"/>
 <tile id="2286" type="canopy"/>
 <tile id="2287" type="canopy"/>
 <tile id="2288" type="canopy"/>
 <tile id="2304" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2305" type="table">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2306" type="floor"/>
 <tile id="2307" type="floor"/>
 <tile id="2308" type="floor"/>
 <tile id="2309" type="floor"/>
 <tile id="2310" type="floor"/>
 <tile id="2311" type="floor"/>
 <tile id="2312" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2314" type="canopy"/>
 <tile id="2315" type="canopy"/>
 <tile id="2316" type="canopy"/>
 <tile id="2317" type="canopy"/>
 <tile id="2318" type="canopy"/>
 <tile id="2319" type="canopy"/>
 <tile id="2320" type="canopy"/>
 <tile id="2321" type="canopy"/>
 <tile id="2322" type="canopy"/>
 <tile id="2323" type="canopy"/>
 <tile id="2324" type="canopy"/>
 <tile id="2340" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2341" type="floor"/>
 <tile id="2342" type="floor"/>
 <tile id="2343" type="table">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2344" type="floor"/>
 <tile id="2345" type="floor"/>
 <tile id="2346" type="table">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2347" type="barrel">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2348" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2350" type="canopy"/>
 <tile id="2351" type="canopy"/>
 <tile id="2352" type="canopy"/>
 <tile id="2353" type="canopy"/>
 <tile id="2354" type="canopy"/>
 <tile id="2355" type="canopy"/>
 <tile id="2356" type="canopy"/>
 <tile id="2357" type="canopy"/>
 <tile id="2358" type="canopy"/>
 <tile id="2359" type="canopy"/>
 <tile id="2360" type="canopy"/>
 <tile id="2376" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2377" type="floor"/>
 <tile id="2378" type="floor"/>
 <tile id="2379" type="floor"/>
 <tile id="2380" type="floor"/>
 <tile id="2381" type="floor"/>
 <tile id="2382" type="floor"/>
 <tile id="2383" type="floor"/>
 <tile id="2384" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2385" type="shade"/>
 <tile id="2386" type="canopy"/>
 <tile id="2387" type="canopy"/>
 <tile id="2388" type="canopy"/>
 <tile id="2389" type="canopy"/>
 <tile id="2390" type="canopy"/>
 <tile id="2391" type="canopy"/>
 <tile id="2392" type="canopy"/>
 <tile id="2393" type="canopy"/>
 <tile id="2394" type="canopy"/>
 <tile id="2395" type="canopy"/>
 <tile id="2396" type="canopy"/>
 <tile id="2412" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2413" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2414" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2415" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2416" type="doorway"/>
 <tile id="2417" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2418" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2419" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2420" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2421" type="shade"/>
 <tile id="2422" type="canopy"/>
 <tile id="2423" type="canopy"/>
 <tile id="2424" type="canopy"/>
 <tile id="2425" type="canopy"/>
 <tile id="2426" type="canopy"/>
 <tile id="2427" type="canopy"/>
 <tile id="2428" type="canopy"/>
 <tile id="2429" type="canopy"/>
 <tile id="2430" type="canopy"/>
 <tile id="2431" type="canopy"/>
 <tile id="2432" type="canopy"/>
 <tile id="2448" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2449" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2450" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2451" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2452" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2453" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2455" type="canopy"/>
 <tile id="2456" type="canopy"/>
 <tile id="2457" type="canopy"/>
 <tile id="2458" type="canopy"/>
 <tile id="2459" type="canopy"/>
 <tile id="2460" type="canopy"/>
 <tile id="2461" type="canopy"/>
 <tile id="2462" type="canopy"/>
 <tile id="2463" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2464" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2465" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2466" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2467" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2468" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2470" type="canopy"/>
 <tile id="2471" type="canopy"/>
 <tile id="2472" type="canopy"/>
 <tile id="2473" type="canopy"/>
 <tile id="2474" type="canopy"/>
 <tile id="2475" type="canopy"/>
 <tile id="2476" type="canopy"/>
 <tile id="2477" type="canopy"/>
 <tile id="2484" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2485" type="bed">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2486" type="floor"/>
 <tile id="2487" type="floor"/>
 <tile id="2488" type="hearth">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2489" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2491" type="canopy"/>
 <tile id="2492" type="canopy"/>
 <tile id="2493" type="canopy"/>
 <tile id="2494" type="canopy"/>
 <tile id="2495" type="canopy"/>
 <tile id="2496" type="canopy"/>
 <tile id="2497" type="canopy"/>
 <tile id="2498" type="canopy"/>
 <tile id="2499" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2500" type="bed">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2501" type="floor"/>
 <tile id="2502" type="floor"/>
 <tile id="2503" type="hearth">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2504" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2506" type="canopy"/>
 <tile id="2507" type="canopy"/>
 <tile id="2508" type="canopy"/>
 <tile id="2509" type="canopy"/>
 <tile id="2510" type="canopy"/>
 <tile id="2511" type="canopy"/>
 <tile id="2512" type="canopy"/>
 <tile id="2513" type="canopy"/>
 <tile id="2520" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2521" type="table">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2522" type="floor"/>
 <tile id="2523" type="floor"/>
 <tile id="2524" type="floor"/>
 <tile id="2525" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2527" type="canopy"/>
 <tile id="2528" type="canopy"/>
 <tile id="2529" type="canopy"/>
 <tile id="2530" type="canopy"/>
 <tile id="2531" type="canopy"/>
 <tile id="2532" type="canopy"/>
 <tile id="2533" type="canopy"/>
 <tile id="2534" type="canopy"/>
 <tile id="2535" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2536" type="table">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2537" type="floor"/>
 <tile id="2538" type="floor"/>
 <tile id="2539" type="floor"/>
 <tile id="2540" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2542" type="canopy"/>
 <tile id="2543" type="canopy"/>
 <tile id="2544" type="canopy"/>
 <tile id="2545" type="canopy"/>
 <tile id="2546" type="canopy"/>
 <tile id="2547" type="canopy"/>
 <tile id="2548" type="canopy"/>
 <tile id="2549" type="canopy"/>
 <tile id="2556" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2557" type="floor"/>
 <tile id="2558" type="floor"/>
 <tile id="2559" type="floor"/>
 <tile id="2560" type="floor"/>
 <tile id="2561" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2562" type="shade"/>
 <tile id="2563" type="canopy"/>
 <tile id="2564" type="canopy"/>
 <tile id="2565" type="canopy"/>
 <tile id="2566" type="canopy"/>
 <tile id="2567" type="canopy"/>
 <tile id="2568" type="canopy"/>
 <tile id="2569" type="canopy"/>
 <tile id="2570" type="canopy"/>
 <tile id="2571" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2572" type="floor"/>
 <tile id="2573" type="floor"/>
 <tile id="2574" type="floor"/>
 <tile id="2575" type="floor"/>
 <tile id="2576" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2577" type="shade"/>
 <tile id="2578" type="canopy"/>
 <tile id="2579" type="canopy"/>
 <tile id="2580" type="canopy"/>
 <tile id="2581" type="canopy"/>
 <tile id="2582" type="canopy"/>
 <tile id="2583" type="canopy"/>
 <tile id="2584" type="canopy"/>
 <tile id="2585" type="canopy"/>
 <tile id="2592" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2593" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2594" type="doorway"/>
 <tile id="2595" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2596" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2597" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2598" type="shade"/>
 <tile id="2599" type="canopy"/>
 <tile id="2600" type="canopy"/>
 <tile id="2601" type="canopy"/>
 <tile id="2602" type="canopy"/>
 <tile id="2603" type="canopy"/>
 <tile id="2604" type="canopy"/>
 <tile id="2605" type="canopy"/>
 <tile id="2606" type="canopy"/>
 <tile id="2607" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2608" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2609" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2610" type="doorway"/>
 <tile id="2611" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2612" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2613" type="shade"/>
 <tile id="2614" type="canopy"/>
 <tile id="2615" type="canopy"/>
 <tile id="2616" type="canopy"/>
 <tile id="2617" type="canopy"/>
 <tile id="2618" type="canopy"/>
 <tile id="2619" type="canopy"/>
 <tile id="2620" type="canopy"/>
 <tile id="2621" type="canopy"/>
 <tile id="2628" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2629" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2630" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2631" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2632" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2633" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2635" type="canopy"/>
 <tile id="2636" type="canopy"/>
 <tile id="2637" type="canopy"/>
 <tile id="2638" type="canopy"/>
 <tile id="2639" type="canopy"/>
 <tile id="2640" type="canopy"/>
 <tile id="2641" type="canopy"/>
 <tile id="2642" type="canopy"/>
 <tile id="2643" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2644" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2645" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2646" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2647" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2648" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2650" type="canopy"/>
 <tile id="2651" type="canopy"/>
 <tile id="2652" type="canopy"/>
 <tile id="2653" type="canopy"/>
 <tile id="2654" type="canopy"/>
 <tile id="2655" type="canopy"/>
 <tile id="2656" type="canopy"/>
 <tile id="2657" type="canopy"/>
 <tile id="2664" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2665" type="bed">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2666" type="floor"/>
 <tile id="2667" type="floor"/>
 <tile id="2668" type="hearth">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2669" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2671" type="canopy"/>
 <tile id="2672" type="canopy"/>
 <tile id="2673" type="canopy"/>
 <tile id="2674" type="canopy"/>
 <tile id="2675" type="canopy"/>
 <tile id="2676" type="canopy"/>
 <tile id="2677" type="canopy"/>
 <tile id="2678" type="canopy"/>
 <tile id="2679" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2680" type="bed">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2681" type="floor"/>
 <tile id="2682" type="floor"/>
 <tile id="2683" type="hearth">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2684" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2686" type="canopy"/>
 <tile id="2687" type="canopy"/>
 <tile id="2688" type="canopy"/>
 <tile id="2689" type="canopy"/>
 <tile id="2690" type="canopy"/>
 <tile id="2691" type="canopy"/>
 <tile id="2692" type="canopy"/>
 <tile id="2693" type="canopy"/>
 <tile id="2700" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2701" type="table">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2702" type="floor"/>
 <tile id="2703" type="floor"/>
 <tile id="2704" type="floor"/>
 <tile id="2705" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2707" type="canopy"/>
 <tile id="2708" type="canopy"/>
 <tile id="2709" type="canopy"/>
 <tile id="2710" type="canopy"/>
 <tile id="2711" type="canopy"/>
 <tile id="2712" type="canopy"/>
 <tile id="2713" type="canopy"/>
 <tile id="2714" type="canopy"/>
 <tile id="2715" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2716" type="table">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2717" type="floor"/>
 <tile id="2718" type="floor"/>
 <tile id="2719" type="floor"/>
 <tile id="2720" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2722" type="canopy"/>
 <tile id="2723" type="canopy"/>
 <tile id="2724" type="canopy"/>
 <tile id="2725" type="canopy"/>
 <tile id="2726" type="canopy"/>
 <tile id="2727" type="canopy"/>
 <tile id="2728" type="canopy"/>
 <tile id="2729" type="canopy"/>
 <tile id="2736" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2737" type="floor"/>
 <tile id="2738" type="floor"/>
 <tile id="2739" type="floor"/>
 <tile id="2740" type="floor"/>
 <tile id="2741" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2742" type="shade"/>
 <tile id="2743" type="canopy"/>
 <tile id="2744" type="canopy"/>
 <tile id="2745" type="canopy"/>
 <tile id="2746" type="canopy"/>
 <tile id="2747" type="canopy"/>
 <tile id="2748" type="canopy"/>
 <tile id="2749" type="canopy"/>
 <tile id="2750" type="canopy"/>
 <tile id="2751" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2752" type="floor"/>
 <tile id="2753" type="floor"/>
 <tile id="2754" type="floor"/>
 <tile id="2755" type="floor"/>
 <tile id="2756" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2757" type="shade"/>
 <tile id="2758" type="canopy"/>
 <tile id="2759" type="canopy"/>
 <tile id="2760" type="canopy"/>
 <tile id="2761" type="canopy"/>
 <tile id="2762" type="canopy"/>
 <tile id="2763" type="canopy"/>
 <tile id="2764" type="canopy"/>
 <tile id="2765" type="canopy"/>
 <tile id="2772" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2773" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2774" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2775" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2776" type="doorway"/>
 <tile id="2777" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2778" type="shade"/>
 <tile id="2779" type="canopy"/>
 <tile id="2780" type="canopy"/>
 <tile id="2781" type="canopy"/>
 <tile id="2782" type="canopy"/>
 <tile id="2783" type="canopy"/>
 <tile id="2784" type="canopy"/>
 <tile id="2785" type="canopy"/>
 <tile id="2786" type="canopy"/>
 <tile id="2787" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2788" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2789" type="doorway"/>
 <tile id="2790" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2791" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2792" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2793" type="shade"/>
 <tile id="2794" type="canopy"/>
 <tile id="2795" type="canopy"/>
 <tile id="2796" type="canopy"/>
 <tile id="2797" type="canopy"/>
 <tile id="2798" type="canopy"/>
 <tile id="2799" type="canopy"/>
 <tile id="2800" type="canopy"/>
 <tile id="2801" type="canopy"/>
 <tile id="2808" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2809" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2810" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2811" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2812" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2813" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2814" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2816" type="canopy"/>
 <tile id="2817" type="canopy"/>
 <tile id="2818" type="canopy"/>
 <tile id="2819" type="canopy"/>
 <tile id="2820" type="canopy"/>
 <tile id="2821" type="canopy"/>
 <tile id="2822" type="canopy"/>
 <tile id="2823" type="canopy"/>
 <tile id="2824" type="canopy"/>
 <tile id="2825" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2826" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2827" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2828" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2829" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2830" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2831" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2833" type="canopy"/>
 <tile id="2834" type="canopy"/>
 <tile id="2835" type="canopy"/>
 <tile id="2836" type="canopy"/>
 <tile id="2837" type="canopy"/>
 <tile id="2838" type="canopy"/>
 <tile id="2839" type="canopy"/>
 <tile id="2840" type="canopy"/>
 <tile id="2841" type="canopy"/>
 <tile id="2844" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2845" type="bed">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2846" type="floor"/>
 <tile id="2847" type="floor"/>
 <tile id="2848" type="floor"/>
 <tile id="2849" type="hearth">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2850" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2852" type="canopy"/>
 <tile id="2853" type="canopy"/>
 <tile id="2854" type="canopy"/>
 <tile id="2855" type="canopy"/>
 <tile id="2856" type="canopy"/>
 <tile id="2857" type="canopy"/>
 <tile id="2858" type="canopy"/>
 <tile id="2859" type="canopy"/>
 <tile id="2860" type="canopy"/>
 <tile id="2861" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2862" type="bed">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2863" type="floor"/>
 <tile id="2864" type="floor"/>
 <tile id="2865" type="floor"/>
 <tile id="2866" type="hearth">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2867" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2869" type="canopy"/>
 <tile id="2870" type="canopy"/>
 <tile id="2871" type="canopy"/>
 <tile id="2872" type="canopy"/>
 <tile id="2873" type="canopy"/>
 <tile id="2874" type="canopy"/>
 <tile id="2875" type="canopy"/>
 <tile id="2876" type="canopy"/>
 <tile id="2877" type="canopy"/>
 <tile id="2880" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2881" type="table">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2882" type="floor"/>
 <tile id="2883" type="floor"/>
 <tile id="2884" type="floor"/>
 <tile id="2885" type="floor"/>
 <tile id="2886" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2888" type="canopy"/>
 <tile id="2889" type="canopy"/>
 <tile id="2890" type="canopy"/>
 <tile id="2891" type="canopy"/>
 <tile id="2892" type="canopy"/>
 <tile id="2893" type="canopy"/>
 <tile id="2894" type="canopy"/>
 <tile id="2895" type="canopy"/>
 <tile id="2896" type="canopy"/>
 <tile id="2897" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2898" type="table">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2899" type="floor"/>
 <tile id="2900" type="floor"/>
 <tile id="2901" type="floor"/>
 <tile id="2902" type="floor"/>
 <tile id="2903" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2905" type="canopy"/>
 <tile id="2906" type="canopy"/>
 <tile id="2907" type="canopy"/>
 <tile id="2908" type="canopy"/>
 <tile id="2909" type="canopy"/>
 <tile id="2910" type="canopy"/>
 <tile id="2911" type="canopy"/>
 <tile id="2912" type="canopy"/>
 <tile id="2913" type="canopy"/>
 <tile id="2916" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2917" type="floor"/>
 <tile id="2918" type="floor"/>
 <tile id="2919" type="floor"/>
 <tile id="2920" type="floor"/>
 <tile id="2921" type="floor"/>
 <tile id="2922" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2923" type="shade"/>
 <tile id="2924" type="canopy"/>
 <tile id="2925" type="canopy"/>
 <tile id="2926" type="canopy"/>
 <tile id="2927" type="canopy"/>
 <tile id="2928" type="canopy"/>
 <tile id="2929" type="canopy"/>
 <tile id="2930" type="canopy"/>
 <tile id="2931" type="canopy"/>
 <tile id="2932" type="canopy"/>
 <tile id="2933" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2934" type="floor"/>
 <tile id="2935" type="floor"/>
 <tile id="2936" type="floor"/>
 <tile id="2937" type="floor"/>
 <tile id="2938" type="floor"/>
 <tile id="2939" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2940" type="shade"/>
 <tile id="2941" type="canopy"/>
 <tile id="2942" type="canopy"/>
 <tile id="2943" type="canopy"/>
 <tile id="2944" type="canopy"/>
 <tile id="2945" type="canopy"/>
 <tile id="2946" type="canopy"/>
 <tile id="2947" type="canopy"/>
 <tile id="2948" type="canopy"/>
 <tile id="2949" type="canopy"/>
 <tile id="2952" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2953" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2954" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2955" type="doorway"/>
 <tile id="2956" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2957" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2958" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2959" type="shade"/>
 <tile id="2960" type="canopy"/>
 <tile id="2961" type="canopy"/>
 <tile id="2962" type="canopy"/>
 <tile id="2963" type="canopy"/>
 <tile id="2964" type="canopy"/>
 <tile id="2965" type="canopy"/>
 <tile id="2966" type="canopy"/>
 <tile id="2967" type="canopy"/>
 <tile id="2968" type="canopy"/>
 <tile id="2969" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2970" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2971" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2972" type="doorway"/>
 <tile id="2973" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2974" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2975" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2976" type="shade"/>
 <tile id="2977" type="canopy"/>
 <tile id="2978" type="canopy"/>
 <tile id="2979" type="canopy"/>
 <tile id="2980" type="canopy"/>
 <tile id="2981" type="canopy"/>
 <tile id="2982" type="canopy"/>
 <tile id="2983" type="canopy"/>
 <tile id="2984" type="canopy"/>
 <tile id="2985" type="canopy"/>
 <tile id="2988" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2989" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2990" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2991" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2992" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2993" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="2995" type="canopy"/>
 <tile id="2996" type="canopy"/>
 <tile id="2997" type="canopy"/>
 <tile id="2998" type="canopy"/>
 <tile id="2999" type="canopy"/>
 <tile id="3000" type="canopy"/>
 <tile id="3001" type="canopy"/>
 <tile id="3002" type="canopy"/>
 <tile id="3024" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3025" type="bed">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3026" type="floor"/>
 <tile id="3027" type="floor"/>
 <tile id="3028" type="hearth">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3029" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3031" type="canopy"/>
 <tile id="3032" type="canopy"/>
 <tile id="3033" type="canopy"/>
 <tile id="3034" type="canopy"/>
 <tile id="3035" type="canopy"/>
 <tile id="3036" type="canopy"/>
 <tile id="3037" type="canopy"/>
 <tile id="3038" type="canopy"/>
 <tile id="3060" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3061" type="table">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3062" type="floor"/>
 <tile id="3063" type="floor"/>
 <tile id="3064" type="floor"/>
 <tile id="3065" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3067" type="canopy"/>
 <tile id="3068" type="canopy"/>
 <tile id="3069" type="canopy"/>
 <tile id="3070" type="canopy"/>
 <tile id="3071" type="canopy"/>
 <tile id="3072" type="canopy"/>
 <tile id="3073" type="canopy"/>
 <tile id="3074" type="canopy"/>
 <tile id="3096" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3097" type="floor"/>
 <tile id="3098" type="floor"/>
 <tile id="3099" type="floor"/>
 <tile id="3100" type="floor"/>
 <tile id="3101" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3102" type="shade"/>
 <tile id="3103" type="canopy"/>
 <tile id="3104" type="canopy"/>
 <tile id="3105" type="canopy"/>
 <tile id="3106" type="canopy"/>
 <tile id="3107" type="canopy"/>
 <tile id="3108" type="canopy"/>
 <tile id="3109" type="canopy"/>
 <tile id="3110" type="canopy"/>
 <tile id="3132" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3133" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3134" type="doorway"/>
 <tile id="3135" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3136" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3137" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3138" type="shade"/>
 <tile id="3139" type="canopy"/>
 <tile id="3140" type="canopy"/>
 <tile id="3141" type="canopy"/>
 <tile id="3142" type="canopy"/>
 <tile id="3143" type="canopy"/>
 <tile id="3144" type="canopy"/>
 <tile id="3145" type="canopy"/>
 <tile id="3146" type="canopy"/>
 <tile id="3168" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3169" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3170" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3171" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3172" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3173" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3175" type="canopy"/>
 <tile id="3176" type="canopy"/>
 <tile id="3177" type="canopy"/>
 <tile id="3178" type="canopy"/>
 <tile id="3179" type="canopy"/>
 <tile id="3180" type="canopy"/>
 <tile id="3181" type="canopy"/>
 <tile id="3182" type="canopy"/>
 <tile id="3184" type="canopy"/>
 <tile id="3187" type="canopy"/>
 <tile id="3190" type="canopy"/>
 <tile id="3193" type="canopy"/>
 <tile id="3196" type="canopy"/>
 <tile id="3199" type="canopy"/>
 <tile id="3202" type="canopy"/>
 <tile id="3204" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3205" type="bed">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3206" type="floor"/>
 <tile id="3207" type="floor"/>
 <tile id="3208" type="hearth">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3209" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3211" type="canopy"/>
 <tile id="3212" type="canopy"/>
 <tile id="3213" type="canopy"/>
 <tile id="3214" type="canopy"/>
 <tile id="3215" type="canopy"/>
 <tile id="3216" type="canopy"/>
 <tile id="3217" type="canopy"/>
 <tile id="3218" type="canopy"/>
 <tile id="3219" type="canopy"/>
 <tile id="3220" type="canopy"/>
 <tile id="3221" type="canopy"/>
 <tile id="3222" type="canopy"/>
 <tile id="3223" type="canopy"/>
 <tile id="3224" type="canopy"/>
 <tile id="3225" type="canopy"/>
 <tile id="3226" type="canopy"/>
 <tile id="3227" type="canopy"/>
 <tile id="3228" type="canopy"/>
 <tile id="3229" type="canopy"/>
 <tile id="3230" type="canopy"/>
 <tile id="3232" type="canopy"/>
 <tile id="3233" type="canopy"/>
 <tile id="3235" type="canopy"/>
 <tile id="3237" type="canopy"/>
 <tile id="3238" type="canopy"/>
 <tile id="3239" type="canopy"/>
 <tile id="3240" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3241" type="floor"/>
 <tile id="3242" type="floor"/>
 <tile id="3243" type="floor"/>
 <tile id="3244" type="floor"/>
 <tile id="3245" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3246" type="shade"/>
 <tile id="3247" type="canopy"/>
 <tile id="3248" type="canopy"/>
 <tile id="3249" type="canopy"/>
 <tile id="3250" type="canopy"/>
 <tile id="3251" type="canopy"/>
 <tile id="3252" type="canopy"/>
 <tile id="3253" type="canopy"/>
 <tile id="3254" type="canopy"/>
 <tile id="3255" type="canopy"/>
 <tile id="3256" type="canopy"/>
 <tile id="3257" type="canopy"/>
 <tile id="3258" type="canopy"/>
 <tile id="3259" type="canopy"/>
 <tile id="3260" type="canopy"/>
 <tile id="3261" type="canopy"/>
 <tile id="3262" type="canopy"/>
 <tile id="3263" type="canopy"/>
 <tile id="3264" type="canopy"/>
 <tile id="3265" type="canopy"/>
 <tile id="3266" type="canopy"/>
 <tile id="3267" type="canopy"/>
 <tile id="3268" type="canopy"/>
 <tile id="3269" type="canopy"/>
 <tile id="3270" type="canopy"/>
 <tile id="3271" type="canopy"/>
 <tile id="3272" type="canopy"/>
 <tile id="3273" type="canopy"/>
 <tile id="3274" type="canopy"/>
 <tile id="3275" type="canopy"/>
 <tile id="3276" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3277" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3278" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3279" type="doorway"/>
 <tile id="3280" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3281" type="house wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3282" type="shade"/>
 <tile id="3283" type="canopy"/>
 <tile id="3284" type="canopy"/>
 <tile id="3285" type="canopy"/>
 <tile id="3286" type="canopy"/>
 <tile id="3287" type="canopy"/>
 <tile id="3288" type="canopy"/>
 <tile id="3289" type="canopy"/>
 <tile id="3290" type="canopy"/>
 <tile id="3291" type="canopy"/>
 <tile id="3292" type="canopy"/>
 <tile id="3293" type="canopy"/>
 <tile id="3294" type="canopy"/>
 <tile id="3295" type="canopy"/>
 <tile id="3296" type="canopy"/>
 <tile id="3297" type="canopy"/>
 <tile id="3298" type="canopy"/>
 <tile id="3299" type="canopy"/>
 <tile id="3300" type="canopy"/>
 <tile id="3301" type="canopy"/>
 <tile id="3303" type="canopy"/>
 <tile id="3304" type="canopy"/>
 <tile id="3305" type="canopy"/>
 <tile id="3306" type="canopy"/>
 <tile id="3307" type="canopy"/>
 <tile id="3308" type="canopy"/>
 <tile id="3309" type="canopy"/>
 <tile id="3310" type="canopy"/>
 <tile id="3311" type="canopy"/>
 <tile id="3313" type="canopy"/>
 <tile id="3348" type="canopy"/>
 <tile id="3349" type="canopy"/>
 <tile id="3350" type="canopy"/>
 <tile id="3384" type="canopy"/>
 <tile id="3385" type="canopy"/>
 <tile id="3386" type="canopy"/>
 <tile id="3420" type="canopy"/>
 <tile id="3421" type="canopy"/>
 <tile id="3422" type="canopy"/>
 <tile id="3456" type="canopy"/>
 <tile id="3457" type="canopy"/>
 <tile id="3458" type="canopy"/>
 <tile id="3459" type="canopy"/>
 <tile id="3460" type="canopy"/>
 <tile id="3461" type="canopy"/>
 <tile id="3463" type="canopy"/>
 <tile id="3465" type="well">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3466" type="well">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3467" type="bridge"/>
 <tile id="3468" type="bridge"/>
 <tile id="3469" type="bridge"/>
 <tile id="3470" type="bridge"/>
 <tile id="3471" type="bridge"/>
 <tile id="3472" type="bridge"/>
 <tile id="3473" type="bridge"/>
 <tile id="3474" type="bridge"/>
 <tile id="3475" type="bridge"/>
 <tile id="3476" type="bridge"/>
 <tile id="3477" type="pier"/>
 <tile id="3478" type="pier"/>
 <tile id="3479" type="pier"/>
 <tile id="3480" type="pier"/>
 <tile id="3481" type="pier"/>
 <tile id="3482" type="pier"/>
 <tile id="3483" type="pier"/>
 <tile id="3492" type="canopy"/>
 <tile id="3493" type="canopy"/>
 <tile id="3494" type="canopy"/>
 <tile id="3495" type="canopy"/>
 <tile id="3496" type="canopy"/>
 <tile id="3497" type="canopy"/>
 <tile id="3498" type="canopy"/>
 <tile id="3499" type="canopy"/>
 <tile id="3500" type="canopy"/>
 <tile id="3501" type="well">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3502" type="well">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3503" type="bridge"/>
 <tile id="3504" type="bridge"/>
 <tile id="3505" type="bridge"/>
 <tile id="3506" type="bridge"/>
 <tile id="3507" type="bridge"/>
 <tile id="3508" type="bridge"/>
 <tile id="3509" type="bridge"/>
 <tile id="3510" type="bridge"/>
 <tile id="3511" type="bridge"/>
 <tile id="3512" type="bridge"/>
 <tile id="3513" type="pier"/>
 <tile id="3514" type="pier"/>
 <tile id="3515" type="pier"/>
 <tile id="3516" type="pier"/>
 <tile id="3517" type="pier"/>
 <tile id="3518" type="pier"/>
 <tile id="3519" type="pier"/>
 <tile id="3528" type="canopy"/>
 <tile id="3529" type="canopy"/>
 <tile id="3530" type="canopy"/>
 <tile id="3531" type="canopy"/>
 <tile id="3532" type="canopy"/>
 <tile id="3535" type="canopy"/>
 <tile id="3537" type="shade"/>
 <tile id="3538" type="shade"/>
 <tile id="3539" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3540" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3541" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3542" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3543" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3544" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3545" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3546" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3547" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3548" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3549" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3550" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3551" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3552" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3553" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3554" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3555" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3564" type="shade"/>
 <tile id="3565" type="canopy"/>
 <tile id="3566" type="canopy"/>
 <tile id="3567" type="shade"/>
 <tile id="3568" type="shade"/>
 <tile id="3569" type="shade"/>
 <tile id="3571" type="canopy"/>
 <tile id="3572" type="canopy"/>
 <tile id="3573" type="canopy"/>
 <tile id="3574" type="canopy"/>
 <tile id="3575" type="canopy"/>
 <tile id="3576" type="shade"/>
 <tile id="3577" type="shade"/>
 <tile id="3578" type="shade"/>
 <tile id="3580" type="canopy"/>
 <tile id="3581" type="canopy"/>
 <tile id="3582" type="canopy"/>
 <tile id="3583" type="canopy"/>
 <tile id="3584" type="canopy"/>
 <tile id="3585" type="shade"/>
 <tile id="3586" type="shade"/>
 <tile id="3587" type="shade"/>
 <tile id="3589" type="canopy"/>
 <tile id="3590" type="canopy"/>
 <tile id="3591" type="canopy"/>
 <tile id="3592" type="canopy"/>
 <tile id="3593" type="canopy"/>
 <tile id="3594" type="canopy"/>
 <tile id="3595" type="shade"/>
 <tile id="3596" type="shade"/>
 <tile id="3597" type="shade"/>
 <tile id="3598" type="canopy"/>
 <tile id="3599" type="canopy"/>
 <tile id="3600" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3601" type="canopy"/>
 <tile id="3602" type="canopy"/>
 <tile id="3603" type="market stall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3604" type="market stall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3605" type="market stall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3606" type="shade"/>
 <tile id="3607" type="canopy"/>
 <tile id="3608" type="canopy"/>
 <tile id="3609" type="canopy"/>
 <tile id="3610" type="canopy"/>
 <tile id="3611" type="canopy"/>
 <tile id="3612" type="market stall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3613" type="market stall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3614" type="market stall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3615" type="shade"/>
 <tile id="3616" type="canopy"/>
 <tile id="3617" type="canopy"/>
 <tile id="3618" type="canopy"/>
 <tile id="3619" type="canopy"/>
 <tile id="3620" type="canopy"/>
 <tile id="3621" type="market stall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3622" type="market stall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3623" type="market stall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3624" type="shade"/>
 <tile id="3625" type="canopy"/>
 <tile id="3626" type="canopy"/>
 <tile id="3627" type="canopy"/>
 <tile id="3628" type="canopy"/>
 <tile id="3629" type="canopy"/>
 <tile id="3630" type="canopy"/>
 <tile id="3631" type="notice board">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3632" type="notice board">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3633" type="signpost">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3634" type="canopy"/>
 <tile id="3635" type="canopy"/>
 <tile id="3636" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3637" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3638" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3639" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3640" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3641" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3642" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3643" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3644" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3672" type="shade"/>
 <tile id="3673" type="shade"/>
 <tile id="3674" type="shade"/>
 <tile id="3675" type="shade"/>
 <tile id="3676" type="shade"/>
 <tile id="3677" type="shade"/>
 <tile id="3678" type="reeds">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3679" type="reeds">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3680" type="reeds">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3708" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3709" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3710" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3711" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3712" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3713" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3714" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3715" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3716" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3717" type="tree">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3718" type="lamp">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3719" type="statue">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3720" type="canopy"/>
 <tile id="3721" type="scarecrow">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3722" type="canopy"/>
 <tile id="3723" type="bench">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3724" type="bench">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3725" type="barrel">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3726" type="crate">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3727" type="hay bale">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3728" type="shade"/>
 <tile id="3729" type="camp fire">
  <properties>
   <property name="damage" type="int" value="10"/>
  </properties>
 </tile>
 <tile id="3730" type="pillar">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3731" type="pillar">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3732" type="pillar">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3733" type="canopy"/>
 <tile id="3734" type="canopy"/>
 <tile id="3735" type="canopy"/>
 <tile id="3736" type="canopy"/>
 <tile id="3737" type="canopy"/>
 <tile id="3738" type="canopy"/>
 <tile id="3739" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3740" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3741" type="shade">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3744" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3745" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3746" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3747" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3748" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3749" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3750" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3751" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3752" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3753" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3754" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3755" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3756" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3757" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3758" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3759" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3760" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3761" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3762" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3763" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3764" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3765" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3766" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3767" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3768" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3769" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3770" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3771" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3772" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3773" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3774" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3775" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3776" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3777" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3778" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3779" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3780" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3781" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3782" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3783" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3784" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3785" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3786" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3787" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3788" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3789" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3790" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3791" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3792" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3793" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3794" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3795" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3796" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3797" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3798" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3799" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3800" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3801" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3802" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3803" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3804" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3805" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3806" type="ruined wall">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3807" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3808" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3809" type="meadow"/>
 <tile id="3810" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3811" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3812" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3813" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3814" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3815" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3816" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3817" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3818" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3819" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3820" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3821" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3822" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3823" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3824" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3825" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3826" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3827" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3828" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3829" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3830" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3831" type="cliff edge">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3832" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3833" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3834" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3835" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3836" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3837" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3838" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3839" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3840" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3841" type="stairs"/>
 <tile id="3842" type="stairs"/>
 <tile id="3843" type="stairs"/>
 <tile id="3844" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3845" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3846" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3847" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3848" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3849" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3850" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3851" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3852" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3853" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3854" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3855" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3856" type="stairs"/>
 <tile id="3857" type="stairs"/>
 <tile id="3858" type="stairs"/>
 <tile id="3859" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3860" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3861" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3862" type="cliff">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3863" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3864" type="meadow"/>
 <tile id="3865" type="meadow"/>
 <tile id="3866" type="shade"/>
 <tile id="3867" type="shade"/>
 <tile id="3868" type="shade"/>
 <tile id="3869" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3870" type="boulder">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3871" type="water">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3872" type="meadow"/>
 <tile id="3873" type="meadow"/>
 <tile id="3874" type="barrel">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3875" type="bridge"/>
 <tile id="3876" type="signpost">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3877" type="shade"/>
 <tile id="3878" type="shade"/>
 <tile id="3879" type="shade"/>
 <tile id="3880" type="shade"/>
 <tile id="3881" type="shade"/>
 <tile id="3882" type="shade"/>
 <tile id="3883" type="reeds">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3884" type="pier"/>
 <tile id="3885" type="pier"/>
 <tile id="3886" type="pier"/>
 <tile id="3887" type="pier"/>
 <tile id="3888" type="pier"/>
 <tile id="3889" type="pier"/>
 <tile id="3890" type="pier"/>
 <tile id="3891" type="pier"/>
 <tile id="3892" type="pier"/>
 <tile id="3893" type="pier"/>
 <tile id="3894" type="pier"/>
 <tile id="3895" type="pier"/>
 <tile id="3896" type="pier"/>
 <tile id="3897" type="pier"/>
 <tile id="3898" type="pier"/>
 <tile id="3899" type="pier"/>
 <tile id="3900" type="pier"/>
 <tile id="3901" type="pier"/>
 <tile id="3902" type="pier"/>
 <tile id="3903" type="pier"/>
 <tile id="3904" type="scarecrow">
  <properties>
   <property name="solid" type="bool" value="true"/>
  </properties>
 </tile>
 <tile id="3905" type="pier"/>
 <tile id="3906" type="pier"/>
 <tile id="3907" type="pier"/>
 <tile id="3908" type="pier"/>
 <tile id="3909" type="pier"/>
 <tile id="3910" type="pier"/>
 <tile id="3911" type="shade"/>
 <tile id="3912" type="shade"/>
 <tile id="3913" type="shade"/>
 <tile id="3914" type="canopy"/>
 <tile id="3915" type="canopy"/>
 <tile id="3916" type="canopy"/>
 <tile id="3917" type="canopy"/>
 <tile id="3918" type="canopy"/>
 <tile id="3919" type="canopy"/>
 <tile id="3920" type="canopy"/>
 <tile id="3921" type="canopy"/>
 <tile id="3922" type="canopy"/>
 <tile id="3923" type="canopy"/>
 <tile id="3924" type="canopy"/>
 <tile id="3925" type="canopy"/>
 <tile id="3926" type="canopy"/>
 <tile id="3927" type="canopy"/>
 <tile id="3928" type="canopy"/>
 <tile id="3929" type="canopy"/>
 <tile id="3930" type="canopy"/>
 <tile id="3931" type="canopy"/>
 <tile id="3932" type="canopy"/>
 <tile id="3933" type="canopy"/>
 <tile id="3934" type="canopy"/>
 <tile id="3935" type="canopy"/>
 <tile id="3936" type="canopy"/>
 <tile id="3937" type="canopy"/>
 <tile id="3938" type="canopy"/>
 <tile id="3939" type="canopy"/>
 <tile id="3940" type="canopy"/>
 <tile id="3941" type="canopy"/>
 <tile id="3942" type="canopy"/>
 <tile id="3943" type="canopy"/>
 <tile id="3944" type="canopy"/>
 <tile id="3945" type="canopy"/>
 <tile id="3946" type="canopy"/>
 <tile id="3947" type="canopy"/>
 <tile id="3948" type="canopy"/>
 <tile id="3949" type="canopy"/>
 <tile id="3950" type="canopy"/>
 <tile id="3951" type="canopy"/>
 <tile id="3952" type="canopy"/>
 <tile id="3953" type="canopy"/>
 <tile id="3954" type="canopy"/>
 <tile id="3955" type="canopy"/>
 <tile id="3956" type="canopy"/>
 <tile id="3957" type="canopy"/>
 <tile id="3958" type="canopy"/>
 <tile id="3959" type="canopy"/>
 <tile id="3960" type="canopy"/>
 <tile id="3961" type="canopy"/>
 <tile id="3962" type="canopy"/>
 <tile id="3963" type="canopy"/>
 <tile id="3964" type="canopy"/>
 <tile id="3965" type="canopy"/>
 <tile id="3966" type="canopy"/>
 <tile id="3967" type="canopy"/>
 <tile id="3968" type="canopy"/>
 <tile id="3969" type="canopy"/>
 <tile id="3970" type="canopy"/>
 <tile id="3971" type="canopy"/>
 <tile id="3972" type="canopy"/>
 <tile id="3973" type="canopy"/>
 <tile id="3974" type="canopy"/>
 <tile id="3975" type="canopy"/>
 <tile id="3976" type="canopy"/>
 <tile id="3977" type="canopy"/>
 <tile id="3978" type="canopy"/>
 <tile id="3979" type="canopy"/>
 <tile id="3980" type="canopy"/>
 <tile id="3981" type="canopy"/>
 <tile id="3982" type="canopy"/>
 <tile id="3983" type="canopy"/>
 <tile id="3984" type="canopy"/>
 <tile id="3985" type="canopy"/>
 <tile id="3986" type="canopy"/>
 <tile id="3987" type="canopy"/>
 <tile id="3988" type="canopy"/>
 <tile id="3989" type="canopy"/>
 <tile id="3990" type="canopy"/>
 <tile id="3991" type="canopy"/>
 <tile id="3992" type="canopy"/>
 <tile id="3993" type="canopy"/>
 <tile id="3994" type="canopy"/>
 <tile id="3995" type="canopy"/>
 <tile id="3996" type="canopy"/>
 <tile id="3997" type="canopy"/>
 <tile id="3998" type="canopy"/>
 <tile id="3999" type="canopy"/>
 <tile id="4000" type="canopy"/>
 <tile id="4001" type="canopy"/>
 <tile id="4002" type="canopy"/>
 <tile id="4003" type="canopy"/>
 <tile id="4004" type="canopy"/>
 <tile id="4005" type="canopy"/>
 <tile id="4006" type="canopy"/>
 <tile id="4007" type="canopy"/>
 <tile id="4008" type="canopy"/>
 <tile id="4009" type="canopy"/>
 <tile id="4010" type="canopy"/>
 <tile id="4011" type="canopy"/>
 <tile id="4012" type="canopy"/>
 <tile id="4013" type="canopy"/>
 <tile id="4014" type="canopy"/>
 <tile id="4015" type="canopy"/>
 <tile id="4016" type="canopy"/>
 <tile id="4017" type="canopy"/>
 <tile id="4018" type="canopy"/>
 <tile id="4019" type="canopy"/>
 <tile id="4020" type="canopy"/>
 <tile id="4021" type="canopy"/>
 <tile id="4022" type="canopy"/>
 <tile id="4023" type="canopy"/>
 <tile id="4024" type="canopy"/>
 <tile id="4025" type="canopy"/>
 <tile id="4026" type="canopy"/>
 <tile id="4027" type="canopy"/>
 <tile id="4028" type="canopy"/>
 <tile id="4029" type="canopy"/>
 <tile id="4030" type="canopy"/>
 <tile id="4031" type="canopy"/>
 <tile id="4032" type="canopy"/>
 <tile id="4033" type="canopy"/>
 <tile id="4034" type="canopy"/>
 <tile id="4035" type="canopy"/>
 <tile id="4036" type="canopy"/>
 <tile id="4037" type="canopy"/>
 <tile id="4038" type="canopy"/>
 <tile id="4039" type="canopy"/>
 <tile id="4040" type="canopy"/>
 <tile id="4041" type="canopy"/>
 <tile id="4042" type="canopy"/>
 <tile id="4043" type="canopy"/>
 <tile id="4044" type="canopy"/>
 <tile id="4045" type="canopy"/>
 <tile id="4046" type="canopy"/>
 <tile id="4047" type="canopy"/>
 <tile id="4048" type="canopy"/>
 <tile id="4049" type="canopy"/>
 <tile id="4050" type="canopy"/>
 <tile id="4051" type="canopy"/>
 <tile id="4052" type="canopy"/>
 <tile id="4053" type="canopy"/>
 <tile id="4054" type="canopy"/>
 <tile id="4055" type="canopy"/>
 <tile id="4056" type="canopy"/>
 <tile id="4057" type="canopy"/>
 <tile id="4058" type="canopy"/>
 <tile id="4059" type="canopy"/>
 <tile id="4060" type="canopy"/>
 <tile id="4061" type="canopy"/>
 <tile id="4062" type="canopy"/>
 <tile id="4063" type="canopy"/>
 <tile id="4064" type="canopy"/>
 <tile id="4065" type="canopy"/>
 <tile id="4066" type="canopy"/>
 <tile id="4067" type="canopy"/>
 <tile id="4068" type="canopy"/>
 <tile id="4069" type="canopy"/>
 <tile id="4070" type="canopy"/>
 <tile id="4071" type="canopy"/>
 <tile id="4072" type="canopy"/>
 <tile id="4073" type="canopy"/>
 <tile id="4074" type="canopy"/>
 <tile id="4075" type="canopy"/>
 <tile id="4076" type="canopy"/>
 <tile id="4077" type="canopy"/>
 <tile id="4078" type="canopy"/>
 <tile id="4079" type="canopy"/>
 <tile id="4080" type="canopy"/>
 <tile id="4081" type="canopy"/>
 <tile id="4082" type="canopy"/>
 <tile id="4083" type="canopy"/>
 <tile id="4084" type="canopy"/>
 <tile id="4085" type="canopy"/>
 <tile id="4086" type="canopy"/>
 <tile id="4087" type="canopy"/>
 <tile id="4088" type="canopy"/>
 <tile id="4089" type="canopy"/>
 <tile id="4090" type="canopy"/>
 <tile id="4091" type="canopy"/>
 <tile id="4092" type="canopy"/>
 <tile id="4093" type="canopy"/>
 <tile id="4094" type="canopy"/>
 <tile id="4095" type="canopy"/>
 <tile id="4096" type="canopy"/>
 <tile id="4097" type="canopy"/>
 <tile id="4098" type="canopy"/>
 <tile id="4099" type="canopy"/>
 <tile id="4100" type="canopy"/>
 <tile id="4101" type="canopy"/>
 <tile id="4102" type="canopy"/>
 <tile id="4103" type="canopy"/>
 <tile id="4104" type="canopy"/>
 <tile id="4105" type="canopy"/>
 <tile id="4106" type="canopy"/>
 <tile id="4107" type="canopy"/>
 <tile id="4108" type="canopy"/>
 <tile id="4109" type="canopy"/>
 <tile id="4110" type="canopy"/>
 <tile id="4111" type="canopy"/>
 <tile id="4112" type="canopy"/>
 <tile id="4113" type="canopy"/>
 <tile id="4114" type="canopy"/>
 <tile id="4115" type="canopy"/>
 <tile id="4116" type="canopy"/>
 <tile id="4117" type="canopy"/>
 <tile id="4118" type="canopy"/>
 <tile id="4119" type="canopy"/>
 <tile id="4120" type="canopy"/>
 <tile id="4121" type="canopy"/>
 <tile id="4122" type="canopy"/>
 <tile id="4123" type="canopy"/>
 <tile id="4124" type="canopy"/>
 <tile id="4125" type="canopy"/>
 <tile id="4126" type="canopy"/>
 <tile id="4127" type="canopy"/>
 <tile id="4128" type="canopy"/>
 <tile id="4129" type="canopy"/>
 <tile id="4130" type="canopy"/>
 <tile id="4131" type="canopy"/>
 <tile id="4132" type="canopy"/>
 <tile id="4133" type="canopy"/>
 <tile id="4134" type="canopy"/>
 <tile id="4135" type="canopy"/>
 <tile id="4136" type="canopy"/>
 <tile id="4137" type="canopy"/>
 <tile id="4138" type="canopy"/>
 <tile id="4139" type="canopy"/>
 <tile id="4140" type="canopy"/>
 <tile id="4141" type="canopy"/>
 <tile id="4142" type="canopy"/>
 <tile id="4143" type="canopy"/>
 <tile id="4144" type="canopy"/>
 <tile id="4145" type="canopy"/>
 <tile id="4146" type="canopy"/>
 <tile id="4147" type="canopy"/>
 <tile id="4148" type="canopy"/>
 <tile id="4149" type="canopy"/>
 <tile id="4150" type="canopy"/>
 <tile id="4151" type="canopy"/>
 <tile id="4152" type="canopy"/>
 <tile id="4153" type="canopy"/>
 <tile id="4154" type="canopy"/>
 <tile id="4155" type="canopy"/>
 <tile id="4156" type="canopy"/>
 <tile id="4157" type="canopy"/>
 <tile id="4158" type="canopy"/>
 <tile id="4159" type="canopy"/>
 <tile id="4160" type="canopy"/>
 <tile id="4161" type="canopy"/>
 <tile id="4162" type="canopy"/>
 <tile id="4163" type="canopy"/>
 <tile id="4164" type="canopy"/>
 <tile id="4165" type="canopy"/>
 <tile id="4166" type="canopy"/>
 <tile id="4167" type="canopy"/>
 <tile id="4168" type="canopy"/>
 <tile id="4169" type="canopy"/>
 <tile id="4170" type="canopy"/>
 <tile id="4171" type="canopy"/>
 <tile id="4172" type="canopy"/>
 <tile id="4173" type="canopy"/>
 <tile id="4174" type="canopy"/>
 <tile id="4175" type="canopy"/>
 <tile id="4176" type="canopy"/>
 <tile id="4177" type="canopy"/>
 <tile id="4178" type="canopy"/>
 <tile id="4179" type="canopy"/>
 <tile id="4180" type="canopy"/>
 <tile id="4181" type="canopy"/>
 <tile id="4182" type="canopy"/>
 <tile id="4183" type="canopy"/>
 <tile id="4184" type="canopy"/>
 <tile id="4185" type="canopy"/>
 <tile id="4186" type="canopy"/>
 <tile id="4187" type="canopy"/>
 <tile id="4188" type="canopy"/>
 <tile id="4189" type="canopy"/>
 <tile id="4190" type="canopy"/>
 <tile id="4191" type="canopy"/>
 <tile id="4192" type="canopy"/>
 <tile id="4193" type="canopy"/>
 <tile id="4194" type="canopy"/>
 <tile id="4195" type="canopy"/>
 <tile id="4196" type="canopy"/>
 <tile id="4197" type="canopy"/>
 <tile id="4198" type="canopy"/>
 <tile id="4199" type="canopy"/>
 <tile id="4200" type="canopy"/>
 <tile id="4201" type="canopy"/>
 <tile id="4202" type="canopy"/>
 <tile id="4203" type="canopy"/>
 <tile id="4204" type="canopy"/>
 <tile id="4205" type="canopy"/>
 <tile id="4206" type="canopy"/>
 <tile id="4207" type="canopy"/>
 <tile id="4208" type="canopy"/>
 <tile id="4209" type="canopy"/>
 <tile id="4210" type="canopy"/>
 <tile id="4211" type="canopy"/>
 <tile id="4212" type="canopy"/>
 <tile id="4213" type="canopy"/>
 <tile id="4214" type="canopy"/>
 <tile id="4215" type="canopy"/>
 <tile id="4216" type="canopy"/>
 <tile id="4217" type="canopy"/>
 <tile id="4218" type="canopy"/>
 <tile id="4219" type="canopy"/>
 <tile id="4220" type="canopy"/>
 <tile id="4221" type="canopy"/>
 <tile id="4222" type="canopy"/>
 <tile id="4223" type="canopy"/>
 <tile id="4224" type="canopy"/>
 <tile id="4225" type="canopy"/>
 <tile id="4226" type="canopy"/>
 <tile id="4227" type="canopy"/>
 <tile id="4228" type="canopy"/>
 <tile id="4229" type="canopy"/>
 <tile id="4230" type="canopy"/>
 <tile id="4231" type="canopy"/>
 <tile id="4232" type="canopy"/>
 <tile id="4233" type="canopy"/>
 <tile id="4234" type="canopy"/>
 <tile id="4235" type="canopy"/>
 <tile id="4236" type="canopy"/>
 <tile id="4237" type="canopy"/>
 <tile id="4238" type="canopy"/>
 <tile id="4239" type="canopy"/>
 <tile id="4240" type="canopy"/>
 <tile id="4241" type="canopy"/>
 <tile id="4242" type="canopy"/>
 <tile id="4243" type="canopy"/>
 <tile id="4244" type="canopy"/>
 <tile id="4245" type="canopy"/>
 <tile id="4246" type="canopy"/>
 <tile id="4247" type="canopy"/>
 <tile id="4248" type="canopy"/>
 <tile id="4249" type="canopy"/>
 <tile id="4250" type="canopy"/>
 <tile id="4251" type="canopy"/>
 <tile id="4252" type="canopy"/>
 <tile id="4253" type="canopy"/>
 <tile id="4254" type="canopy"/>
 <tile id="4255" type="canopy"/>
 <tile id="4256" type="canopy"/>
 <tile id="4257" type="canopy"/>
 <tile id="4258" type="canopy"/>
 <tile id="4259" type="canopy"/>
 <tile id="4260" type="canopy"/>
 <tile id="4261" type="canopy"/>
 <tile id="4262" type="canopy"/>
 <tile id="4263" type="canopy"/>
 <tile id="4264" type="canopy"/>
 <tile id="4265" type="canopy"/>
 <tile id="4266" type="canopy"/>
 <tile id="4267" type="canopy"/>
 <tile id="4268" type="canopy"/>
 <tile id="4269" type="canopy"/>
 <tile id="4270" type="canopy"/>
 <tile id="4271" type="canopy"/>
 <tile id="4272" type="canopy"/>
 <tile id="4273" type="canopy"/>
 <tile id="4274" type="canopy"/>
 <tile id="4275" type="canopy"/>
 <tile id="4276" type="canopy"/>
 <tile id="4277" type="canopy"/>
 <tile id="4278" type="canopy"/>
 <tile id="4279" type="canopy"/>
 <tile id="4280" type="canopy"/>
 <tile id="4281" type="canopy"/>
 <tile id="4282" type="canopy"/>
 <tile id="4283" type="canopy"/>
 <tile id="4284" type="canopy"/>
 <tile id="4285" type="canopy"/>
 <tile id="4286" type="canopy"/>
 <tile id="4287" type="canopy"/>
 <tile id="4288" type="canopy"/>
 <tile id="4289" type="canopy"/>
 <tile id="4290" type="canopy"/>
 <tile id="4291" type="canopy"/>
 <tile id="4292" type="canopy"/>
 <tile id="4293" type="canopy"/>
 <tile id="4294" type="canopy"/>
 <tile id="4295" type="canopy"/>
 <tile id="4296" type="canopy"/>
 <tile id="4297" type="canopy"/>
 <tile id="4298" type="canopy"/>
 <tile id="4299" type="canopy"/>
 <tile id="4300" type="canopy"/>
 <tile id="4301" type="canopy"/>
 <tile id="4302" type="canopy"/>
 <tile id="4303" type="canopy"/>
 <tile id="4304" type="canopy"/>
 <tile id="4305" type="canopy"/>
 <tile id="4306" type="canopy"/>
 <tile id="4307" type="canopy"/>
 <tile id="4308" type="canopy"/>
 <tile id="4309" type="canopy"/>
 <tile id="4310" type="canopy"/>
 <tile id="4311" type="canopy"/>
 <tile id="4312" type="canopy"/>
 <tile id="4313" type="canopy"/>
 <tile id="4314" type="canopy"/>
 <tile id="4315" type="canopy"/>
 <tile id="4316" type="canopy"/>
 <tile id="4317" type="canopy"/>
 <tile id="4318" type="canopy"/>
 <tile id="4319" type="canopy"/>
 <tile id="4320" type="canopy"/>
 <tile id="4321" type="canopy"/>
 <tile id="4322" type="canopy"/>
 <tile id="4323" type="canopy"/>
 <tile id="4324" type="canopy"/>
 <tile id="4325" type="canopy"/>
 <tile id="4326" type="canopy"/>
 <tile id="4327" type="canopy"/>
 <tile id="4328" type="canopy"/>
 <tile id="4329" type="canopy"/>
 <tile id="4330" type="canopy"/>
 <tile id="4331" type="canopy"/>
 <tile id="4332" type="canopy"/>
 <tile id="4333" type="canopy"/>
 <tile id="4334" type="canopy"/>
 <tile id="4335" type="canopy"/>
 <tile id="4336" type="canopy"/>
 <tile id="4337" type="canopy"/>
 <tile id="4338" type="canopy"/>
 <tile id="4339" type="canopy"/>
 <tile id="4340" type="canopy"/>
 <tile id="4341" type="canopy"/>
 <tile id="4342" type="canopy"/>
 <tile id="4343" type="canopy"/>
 <tile id="4344" type="canopy"/>
 <tile id="4345" type="canopy"/>
 <tile id="4346" type="canopy"/>
 <tile id="4347" type="canopy"/>
 <tile id="4348" type="canopy"/>
 <tile id="4349" type="canopy"/>
 <tile id="4350" type="canopy"/>
 <tile id="4351" type="canopy"/>
 <tile id="4352" type="canopy"/>
 <tile id="4353" type="canopy"/>
 <tile id="4354" type="canopy"/>
 <tile id="4355" type="canopy"/>
 <tile id="4356" type="canopy"/>
 <tile id="4357" type="canopy"/>
 <tile id="4358" type="canopy"/>
 <tile id="4359" type="canopy"/>
 <tile id="4360" type="canopy"/>
 <tile id="4361" type="canopy"/>
 <tile id="4362" type="canopy"/>
 <tile id="4363" type="canopy"/>
 <tile id="4364" type="canopy"/>
 <tile id="4365" type="canopy"/>
 <tile id="4366" type="canopy"/>
 <tile id="4367" type="canopy"/>
 <tile id="4368" type="canopy"/>
 <tile id="4369" type="canopy"/>
 <tile id="4370" type="canopy"/>
 <tile id="4371" type="canopy"/>
 <tile id="4372" type="canopy"/>
 <tile id="4373" type="canopy"/>
 <tile id="4374" type="canopy"/>
 <tile id="4375" type="canopy"/>
 <tile id="4376" type="canopy"/>
 <tile id="4377" type="canopy"/>
 <tile id="4378" type="canopy"/>
 <tile id="4379" type="canopy"/>
 <tile id="4380" type="canopy"/>
 <tile id="4381" type="canopy"/>
 <tile id="4382" type="canopy"/>
 <tile id="4383" type="canopy"/>
 <tile id="4384" type="canopy"/>
 <tile id="4385" type="canopy"/>
 <tile id="4386" type="canopy"/>
 <tile id="4387" type="canopy"/>
 <tile id="4388" type="canopy"/>
 <tile id="4389" type="canopy"/>
 <tile id="4390" type="canopy"/>
 <tile id="4391" type="canopy"/>
 <tile id="4392" type="canopy"/>
 <tile id="4393" type="canopy"/>
 <tile id="4394" type="canopy"/>
 <tile id="4395" type="canopy"/>
 <tile id="4396" type="canopy"/>
 <tile id="4397" type="canopy"/>
 <wangsets>
  <wangset name="ground" type="corner" tile="20">
   <wangcolor name="deep water" color="#2d4d6e" tile="0" probability="1"/>
   <wangcolor name="water" color="#468594" tile="4" probability="1"/>
   <wangcolor name="sand" color="#edcd97" tile="8" probability="1"/>
   <wangcolor name="path" color="#d6ab73" tile="12" probability="1"/>
   <wangcolor name="soil" color="#764b3d" tile="16" probability="1"/>
   <wangcolor name="grass" color="#76974c" tile="20" probability="1"/>
   <wangcolor name="meadow" color="#b6c668" tile="24" probability="1"/>
   <wangcolor name="forest floor" color="#3e6245" tile="28" probability="1"/>
   <wangcolor name="cobble" color="#8f878a" tile="32" probability="1"/>
   <wangtile tileid="0" wangid="0,1,0,1,0,1,0,1"/>
   <wangtile tileid="1" wangid="0,1,0,1,0,1,0,1"/>
   <wangtile tileid="2" wangid="0,1,0,1,0,1,0,1"/>
   <wangtile tileid="3" wangid="0,1,0,1,0,1,0,1"/>
   <wangtile tileid="36" wangid="0,1,0,1,0,1,0,1"/>
   <wangtile tileid="37" wangid="0,1,0,1,0,1,0,1"/>
   <wangtile tileid="38" wangid="0,1,0,1,0,1,0,1"/>
   <wangtile tileid="39" wangid="0,1,0,1,0,1,0,1"/>
   <wangtile tileid="72" wangid="0,1,0,1,0,1,0,1"/>
   <wangtile tileid="73" wangid="0,1,0,1,0,1,0,1"/>
   <wangtile tileid="74" wangid="0,1,0,1,0,1,0,1"/>
   <wangtile tileid="75" wangid="0,1,0,1,0,1,0,1"/>
   <wangtile tileid="108" wangid="0,1,0,1,0,1,0,1"/>
   <wangtile tileid="109" wangid="0,1,0,1,0,1,0,1"/>
   <wangtile tileid="110" wangid="0,1,0,1,0,1,0,1"/>
   <wangtile tileid="111" wangid="0,1,0,1,0,1,0,1"/>
   <wangtile tileid="4" wangid="0,2,0,2,0,2,0,2"/>
   <wangtile tileid="5" wangid="0,2,0,2,0,2,0,2"/>
   <wangtile tileid="6" wangid="0,2,0,2,0,2,0,2"/>
   <wangtile tileid="7" wangid="0,2,0,2,0,2,0,2"/>
   <wangtile tileid="40" wangid="0,2,0,2,0,2,0,2"/>
   <wangtile tileid="41" wangid="0,2,0,2,0,2,0,2"/>
   <wangtile tileid="42" wangid="0,2,0,2,0,2,0,2"/>
   <wangtile tileid="43" wangid="0,2,0,2,0,2,0,2"/>
   <wangtile tileid="76" wangid="0,2,0,2,0,2,0,2"/>
   <wangtile tileid="77" wangid="0,2,0,2,0,2,0,2"/>
   <wangtile tileid="78" wangid="0,2,0,2,0,2,0,2"/>
   <wangtile tileid="79" wangid="0,2,0,2,0,2,0,2"/>
   <wangtile tileid="112" wangid="0,2,0,2,0,2,0,2"/>
   <wangtile tileid="113" wangid="0,2,0,2,0,2,0,2"/>
   <wangtile tileid="114" wangid="0,2,0,2,0,2,0,2"/>
   <wangtile tileid="115" wangid="0,2,0,2,0,2,0,2"/>
   <wangtile tileid="8" wangid="0,3,0,3,0,3,0,3"/>
   <wangtile tileid="9" wangid="0,3,0,3,0,3,0,3"/>
   <wangtile tileid="10" wangid="0,3,0,3,0,3,0,3"/>
   <wangtile tileid="11" wangid="0,3,0,3,0,3,0,3"/>
   <wangtile tileid="44" wangid="0,3,0,3,0,3,0,3"/>
   <wangtile tileid="45" wangid="0,3,0,3,0,3,0,3"/>
   <wangtile tileid="46" wangid="0,3,0,3,0,3,0,3"/>
   <wangtile tileid="47" wangid="0,3,0,3,0,3,0,3"/>
   <wangtile tileid="80" wangid="0,3,0,3,0,3,0,3"/>
   <wangtile tileid="81" wangid="0,3,0,3,0,3,0,3"/>
   <wangtile tileid="82" wangid="0,3,0,3,0,3,0,3"/>
   <wangtile tileid="83" wangid="0,3,0,3,0,3,0,3"/>
   <wangtile tileid="116" wangid="0,3,0,3,0,3,0,3"/>
   <wangtile tileid="117" wangid="0,3,0,3,0,3,0,3"/>
   <wangtile tileid="118" wangid="0,3,0,3,0,3,0,3"/>
   <wangtile tileid="119" wangid="0,3,0,3,0,3,0,3"/>
   <wangtile tileid="12" wangid="0,4,0,4,0,4,0,4"/>
   <wangtile tileid="13" wangid="0,4,0,4,0,4,0,4"/>
   <wangtile tileid="14" wangid="0,4,0,4,0,4,0,4"/>
   <wangtile tileid="15" wangid="0,4,0,4,0,4,0,4"/>
   <wangtile tileid="48" wangid="0,4,0,4,0,4,0,4"/>
   <wangtile tileid="49" wangid="0,4,0,4,0,4,0,4"/>
   <wangtile tileid="50" wangid="0,4,0,4,0,4,0,4"/>
   <wangtile tileid="51" wangid="0,4,0,4,0,4,0,4"/>
   <wangtile tileid="84" wangid="0,4,0,4,0,4,0,4"/>
   <wangtile tileid="85" wangid="0,4,0,4,0,4,0,4"/>
   <wangtile tileid="86" wangid="0,4,0,4,0,4,0,4"/>
   <wangtile tileid="87" wangid="0,4,0,4,0,4,0,4"/>
   <wangtile tileid="120" wangid="0,4,0,4,0,4,0,4"/>
   <wangtile tileid="121" wangid="0,4,0,4,0,4,0,4"/>
   <wangtile tileid="122" wangid="0,4,0,4,0,4,0,4"/>
   <wangtile tileid="123" wangid="0,4,0,4,0,4,0,4"/>
   <wangtile tileid="16" wangid="0,5,0,5,0,5,0,5"/>
   <wangtile tileid="17" wangid="0,5,0,5,0,5,0,5"/>
   <wangtile tileid="18" wangid="0,5,0,5,0,5,0,5"/>
   <wangtile tileid="19" wangid="0,5,0,5,0,5,0,5"/>
   <wangtile tileid="52" wangid="0,5,0,5,0,5,0,5"/>
   <wangtile tileid="53" wangid="0,5,0,5,0,5,0,5"/>
   <wangtile tileid="54" wangid="0,5,0,5,0,5,0,5"/>
   <wangtile tileid="55" wangid="0,5,0,5,0,5,0,5"/>
   <wangtile tileid="88" wangid="0,5,0,5,0,5,0,5"/>
   <wangtile tileid="89" wangid="0,5,0,5,0,5,0,5"/>
   <wangtile tileid="90" wangid="0,5,0,5,0,5,0,5"/>
   <wangtile tileid="91" wangid="0,5,0,5,0,5,0,5"/>
   <wangtile tileid="124" wangid="0,5,0,5,0,5,0,5"/>
   <wangtile tileid="125" wangid="0,5,0,5,0,5,0,5"/>
   <wangtile tileid="126" wangid="0,5,0,5,0,5,0,5"/>
   <wangtile tileid="127" wangid="0,5,0,5,0,5,0,5"/>
   <wangtile tileid="20" wangid="0,6,0,6,0,6,0,6"/>
   <wangtile tileid="21" wangid="0,6,0,6,0,6,0,6"/>
   <wangtile tileid="22" wangid="0,6,0,6,0,6,0,6"/>
   <wangtile tileid="23" wangid="0,6,0,6,0,6,0,6"/>
   <wangtile tileid="56" wangid="0,6,0,6,0,6,0,6"/>
   <wangtile tileid="57" wangid="0,6,0,6,0,6,0,6"/>
   <wangtile tileid="58" wangid="0,6,0,6,0,6,0,6"/>
   <wangtile tileid="59" wangid="0,6,0,6,0,6,0,6"/>
   <wangtile tileid="92" wangid="0,6,0,6,0,6,0,6"/>
   <wangtile tileid="93" wangid="0,6,0,6,0,6,0,6"/>
   <wangtile tileid="94" wangid="0,6,0,6,0,6,0,6"/>
   <wangtile tileid="95" wangid="0,6,0,6,0,6,0,6"/>
   <wangtile tileid="128" wangid="0,6,0,6,0,6,0,6"/>
   <wangtile tileid="129" wangid="0,6,0,6,0,6,0,6"/>
   <wangtile tileid="130" wangid="0,6,0,6,0,6,0,6"/>
   <wangtile tileid="131" wangid="0,6,0,6,0,6,0,6"/>
   <wangtile tileid="24" wangid="0,7,0,7,0,7,0,7"/>
   <wangtile tileid="25" wangid="0,7,0,7,0,7,0,7"/>
   <wangtile tileid="26" wangid="0,7,0,7,0,7,0,7"/>
   <wangtile tileid="27" wangid="0,7,0,7,0,7,0,7"/>
   <wangtile tileid="60" wangid="0,7,0,7,0,7,0,7"/>
   <wangtile tileid="61" wangid="0,7,0,7,0,7,0,7"/>
   <wangtile tileid="62" wangid="0,7,0,7,0,7,0,7"/>
   <wangtile tileid="63" wangid="0,7,0,7,0,7,0,7"/>
   <wangtile tileid="96" wangid="0,7,0,7,0,7,0,7"/>
   <wangtile tileid="97" wangid="0,7,0,7,0,7,0,7"/>
   <wangtile tileid="98" wangid="0,7,0,7,0,7,0,7"/>
   <wangtile tileid="99" wangid="0,7,0,7,0,7,0,7"/>
   <wangtile tileid="132" wangid="0,7,0,7,0,7,0,7"/>
   <wangtile tileid="133" wangid="0,7,0,7,0,7,0,7"/>
   <wangtile tileid="134" wangid="0,7,0,7,0,7,0,7"/>
   <wangtile tileid="135" wangid="0,7,0,7,0,7,0,7"/>
   <wangtile tileid="28" wangid="0,8,0,8,0,8,0,8"/>
   <wangtile tileid="29" wangid="0,8,0,8,0,8,0,8"/>
   <wangtile tileid="30" wangid="0,8,0,8,0,8,0,8"/>
   <wangtile tileid="31" wangid="0,8,0,8,0,8,0,8"/>
   <wangtile tileid="64" wangid="0,8,0,8,0,8,0,8"/>
   <wangtile tileid="65" wangid="0,8,0,8,0,8,0,8"/>
   <wangtile tileid="66" wangid="0,8,0,8,0,8,0,8"/>
   <wangtile tileid="67" wangid="0,8,0,8,0,8,0,8"/>
   <wangtile tileid="100" wangid="0,8,0,8,0,8,0,8"/>
   <wangtile tileid="101" wangid="0,8,0,8,0,8,0,8"/>
   <wangtile tileid="102" wangid="0,8,0,8,0,8,0,8"/>
   <wangtile tileid="103" wangid="0,8,0,8,0,8,0,8"/>
   <wangtile tileid="136" wangid="0,8,0,8,0,8,0,8"/>
   <wangtile tileid="137" wangid="0,8,0,8,0,8,0,8"/>
   <wangtile tileid="138" wangid="0,8,0,8,0,8,0,8"/>
   <wangtile tileid="139" wangid="0,8,0,8,0,8,0,8"/>
   <wangtile tileid="32" wangid="0,9,0,9,0,9,0,9"/>
   <wangtile tileid="33" wangid="0,9,0,9,0,9,0,9"/>
   <wangtile tileid="34" wangid="0,9,0,9,0,9,0,9"/>
   <wangtile tileid="35" wangid="0,9,0,9,0,9,0,9"/>
   <wangtile tileid="68" wangid="0,9,0,9,0,9,0,9"/>
   <wangtile tileid="69" wangid="0,9,0,9,0,9,0,9"/>
   <wangtile tileid="70" wangid="0,9,0,9,0,9,0,9"/>
   <wangtile tileid="71" wangid="0,9,0,9,0,9,0,9"/>
   <wangtile tileid="104" wangid="0,9,0,9,0,9,0,9"/>
   <wangtile tileid="105" wangid="0,9,0,9,0,9,0,9"/>
   <wangtile tileid="106" wangid="0,9,0,9,0,9,0,9"/>
   <wangtile tileid="107" wangid="0,9,0,9,0,9,0,9"/>
   <wangtile tileid="140" wangid="0,9,0,9,0,9,0,9"/>
   <wangtile tileid="141" wangid="0,9,0,9,0,9,0,9"/>
   <wangtile tileid="142" wangid="0,9,0,9,0,9,0,9"/>
   <wangtile tileid="143" wangid="0,9,0,9,0,9,0,9"/>
   <wangtile tileid="144" wangid="0,1,0,2,0,1,0,1"/>
   <wangtile tileid="145" wangid="0,1,0,1,0,2,0,1"/>
   <wangtile tileid="146" wangid="0,1,0,2,0,2,0,1"/>
   <wangtile tileid="147" wangid="0,2,0,1,0,1,0,1"/>
   <wangtile tileid="148" wangid="0,2,0,2,0,1,0,1"/>
   <wangtile tileid="149" wangid="0,2,0,1,0,2,0,1"/>
   <wangtile tileid="150" wangid="0,2,0,2,0,2,0,1"/>
   <wangtile tileid="151" wangid="0,1,0,1,0,1,0,2"/>
   <wangtile tileid="152" wangid="0,1,0,2,0,1,0,2"/>
   <wangtile tileid="153" wangid="0,1,0,1,0,2,0,2"/>
   <wangtile tileid="154" wangid="0,1,0,2,0,2,0,2"/>
   <wangtile tileid="155" wangid="0,2,0,1,0,1,0,2"/>
   <wangtile tileid="156" wangid="0,2,0,2,0,1,0,2"/>
   <wangtile tileid="157" wangid="0,2,0,1,0,2,0,2"/>
   <wangtile tileid="158" wangid="0,1,0,2,0,1,0,1"/>
   <wangtile tileid="159" wangid="0,1,0,1,0,2,0,1"/>
   <wangtile tileid="160" wangid="0,1,0,2,0,2,0,1"/>
   <wangtile tileid="161" wangid="0,2,0,1,0,1,0,1"/>
   <wangtile tileid="162" wangid="0,2,0,2,0,1,0,1"/>
   <wangtile tileid="163" wangid="0,2,0,2,0,2,0,1"/>
   <wangtile tileid="164" wangid="0,1,0,1,0,1,0,2"/>
   <wangtile tileid="165" wangid="0,1,0,1,0,2,0,2"/>
   <wangtile tileid="166" wangid="0,1,0,2,0,2,0,2"/>
   <wangtile tileid="167" wangid="0,2,0,1,0,1,0,2"/>
   <wangtile tileid="168" wangid="0,2,0,2,0,1,0,2"/>
   <wangtile tileid="169" wangid="0,2,0,1,0,2,0,2"/>
   <wangtile tileid="170" wangid="0,1,0,2,0,1,0,1"/>
   <wangtile tileid="171" wangid="0,1,0,1,0,2,0,1"/>
   <wangtile tileid="172" wangid="0,1,0,2,0,2,0,1"/>
   <wangtile tileid="173" wangid="0,2,0,1,0,1,0,1"/>
   <wangtile tileid="174" wangid="0,2,0,2,0,1,0,1"/>
   <wangtile tileid="175" wangid="0,2,0,2,0,2,0,1"/>
   <wangtile tileid="176" wangid="0,1,0,1,0,1,0,2"/>
   <wangtile tileid="177" wangid="0,1,0,1,0,2,0,2"/>
   <wangtile tileid="178" wangid="0,1,0,2,0,2,0,2"/>
   <wangtile tileid="179" wangid="0,2,0,1,0,1,0,2"/>
   <wangtile tileid="180" wangid="0,2,0,2,0,1,0,2"/>
   <wangtile tileid="181" wangid="0,2,0,1,0,2,0,2"/>
   <wangtile tileid="182" wangid="0,1,0,2,0,1,0,1"/>
   <wangtile tileid="183" wangid="0,1,0,1,0,2,0,1"/>
   <wangtile tileid="184" wangid="0,1,0,2,0,2,0,1"/>
   <wangtile tileid="185" wangid="0,2,0,1,0,1,0,1"/>
   <wangtile tileid="186" wangid="0,2,0,2,0,1,0,1"/>
   <wangtile tileid="187" wangid="0,2,0,2,0,2,0,1"/>
   <wangtile tileid="188" wangid="0,1,0,1,0,1,0,2"/>
   <wangtile tileid="189" wangid="0,1,0,1,0,2,0,2"/>
   <wangtile tileid="190" wangid="0,1,0,2,0,2,0,2"/>
   <wangtile tileid="191" wangid="0,2,0,1,0,1,0,2"/>
   <wangtile tileid="192" wangid="0,2,0,2,0,1,0,2"/>
   <wangtile tileid="193" wangid="0,2,0,1,0,2,0,2"/>
   <wangtile tileid="194" wangid="0,1,0,3,0,1,0,1"/>
   <wangtile tileid="195" wangid="0,1,0,1,0,3,0,1"/>
   <wangtile tileid="196" wangid="0,1,0,3,0,3,0,1"/>
   <wangtile tileid="197" wangid="0,3,0,1,0,1,0,1"/>
   <wangtile tileid="198" wangid="0,3,0,3,0,1,0,1"/>
   <wangtile tileid="199" wangid="0,3,0,1,0,3,0,1"/>
   <wangtile tileid="200" wangid="0,3,0,3,0,3,0,1"/>
   <wangtile tileid="201" wangid="0,1,0,1,0,1,0,3"/>
   <wangtile tileid="202" wangid="0,1,0,3,0,1,0,3"/>
   <wangtile tileid="203" wangid="0,1,0,1,0,3,0,3"/>
   <wangtile tileid="204" wangid="0,1,0,3,0,3,0,3"/>
   <wangtile tileid="205" wangid="0,3,0,1,0,1,0,3"/>
   <wangtile tileid="206" wangid="0,3,0,3,0,1,0,3"/>
   <wangtile tileid="207" wangid="0,3,0,1,0,3,0,3"/>
   <wangtile tileid="208" wangid="0,1,0,4,0,1,0,1"/>
   <wangtile tileid="209" wangid="0,1,0,1,0,4,0,1"/>
   <wangtile tileid="210" wangid="0,1,0,4,0,4,0,1"/>
   <wangtile tileid="211" wangid="0,4,0,1,0,1,0,1"/>
   <wangtile tileid="212" wangid="0,4,0,4,0,1,0,1"/>
   <wangtile tileid="213" wangid="0,4,0,1,0,4,0,1"/>
   <wangtile tileid="214" wangid="0,4,0,4,0,4,0,1"/>
   <wangtile tileid="215" wangid="0,1,0,1,0,1,0,4"/>
   <wangtile tileid="216" wangid="0,1,0,4,0,1,0,4"/>
   <wangtile tileid="217" wangid="0,1,0,1,0,4,0,4"/>
   <wangtile tileid="218" wangid="0,1,0,4,0,4,0,4"/>
   <wangtile tileid="219" wangid="0,4,0,1,0,1,0,4"/>
   <wangtile tileid="220" wangid="0,4,0,4,0,1,0,4"/>
   <wangtile tileid="221" wangid="0,4,0,1,0,4,0,4"/>
   <wangtile tileid="222" wangid="0,1,0,5,0,1,0,1"/>
   <wangtile tileid="223" wangid="0,1,0,1,0,5,0,1"/>
   <wangtile tileid="224" wangid="0,1,0,5,0,5,0,1"/>
   <wangtile tileid="225" wangid="0,5,0,1,0,1,0,1"/>
   <wangtile tileid="226" wangid="0,5,0,5,0,1,0,1"/>
   <wangtile tileid="227" wangid="0,5,0,1,0,5,0,1"/>
   <wangtile tileid="228" wangid="0,5,0,5,0,5,0,1"/>
   <wangtile tileid="229" wangid="0,1,0,1,0,1,0,5"/>
   <wangtile tileid="230" wangid="0,1,0,5,0,1,0,5"/>
   <wangtile tileid="231" wangid="0,1,0,1,0,5,0,5"/>
   <wangtile tileid="232" wangid="0,1,0,5,0,5,0,5"/>
   <wangtile tileid="233" wangid="0,5,0,1,0,1,0,5"/>
   <wangtile tileid="234" wangid="0,5,0,5,0,1,0,5"/>
   <wangtile tileid="235" wangid="0,5,0,1,0,5,0,5"/>
   <wangtile tileid="236" wangid="0,1,0,6,0,1,0,1"/>
   <wangtile tileid="237" wangid="0,1,0,1,0,6,0,1"/>
   <wangtile tileid="238" wangid="0,1,0,6,0,6,0,1"/>
   <wangtile tileid="239" wangid="0,6,0,1,0,1,0,1"/>
   <wangtile tileid="240" wangid="0,6,0,6,0,1,0,1"/>
   <wangtile tileid="241" wangid="0,6,0,1,0,6,0,1"/>
   <wangtile tileid="242" wangid="0,6,0,6,0,6,0,1"/>
   <wangtile tileid="243" wangid="0,1,0,1,0,1,0,6"/>
   <wangtile tileid="244" wangid="0,1,0,6,0,1,0,6"/>
   <wangtile tileid="245" wangid="0,1,0,1,0,6,0,6"/>
   <wangtile tileid="246" wangid="0,1,0,6,0,6,0,6"/>
   <wangtile tileid="247" wangid="0,6,0,1,0,1,0,6"/>
   <wangtile tileid="248" wangid="0,6,0,6,0,1,0,6"/>
   <wangtile tileid="249" wangid="0,6,0,1,0,6,0,6"/>
   <wangtile tileid="250" wangid="0,1,0,7,0,1,0,1"/>
   <wangtile tileid="251" wangid="0,1,0,1,0,7,0,1"/>
   <wangtile tileid="252" wangid="0,1,0,7,0,7,0,1"/>
   <wangtile tileid="253" wangid="0,7,0,1,0,1,0,1"/>
   <wangtile tileid="254" wangid="0,7,0,7,0,1,0,1"/>
   <wangtile tileid="255" wangid="0,7,0,1,0,7,0,1"/>
   <wangtile tileid="256" wangid="0,7,0,7,0,7,0,1"/>
   <wangtile tileid="257" wangid="0,1,0,1,0,1,0,7"/>
   <wangtile tileid="258" wangid="0,1,0,7,0,1,0,7"/>
   <wangtile tileid="259" wangid="0,1,0,1,0,7,0,7"/>
   <wangtile tileid="260" wangid="0,1,0,7,0,7,0,7"/>
   <wangtile tileid="261" wangid="0,7,0,1,0,1,0,7"/>
   <wangtile tileid="262" wangid="0,7,0,7,0,1,0,7"/>
   <wangtile tileid="263" wangid="0,7,0,1,0,7,0,7"/>
   <wangtile tileid="264" wangid="0,1,0,8,0,1,0,1"/>
   <wangtile tileid="265" wangid="0,1,0,1,0,8,0,1"/>
   <wangtile tileid="266" wangid="0,1,0,8,0,8,0,1"/>
   <wangtile tileid="267" wangid="0,8,0,1,0,1,0,1"/>
   <wangtile tileid="268" wangid="0,8,0,8,0,1,0,1"/>
   <wangtile tileid="269" wangid="0,8,0,1,0,8,0,1"/>
   <wangtile tileid="270" wangid="0,8,0,8,0,8,0,1"/>
   <wangtile tileid="271" wangid="0,1,0,1,0,1,0,8"/>
   <wangtile tileid="272" wangid="0,1,0,8,0,1,0,8"/>
   <wangtile tileid="273" wangid="0,1,0,1,0,8,0,8"/>
   <wangtile tileid="274" wangid="0,1,0,8,0,8,0,8"/>
   <wangtile tileid="275" wangid="0,8,0,1,0,1,0,8"/>
   <wangtile tileid="276" wangid="0,8,0,8,0,1,0,8"/>
   <wangtile tileid="277" wangid="0,8,0,1,0,8,0,8"/>
   <wangtile tileid="278" wangid="0,1,0,9,0,1,0,1"/>
   <wangtile tileid="279" wangid="0,1,0,1,0,9,0,1"/>
   <wangtile tileid="280" wangid="0,1,0,9,0,9,0,1"/>
   <wangtile tileid="281" wangid="0,9,0,1,0,1,0,1"/>
   <wangtile tileid="282" wangid="0,9,0,9,0,1,0,1"/>
   <wangtile tileid="283" wangid="0,9,0,1,0,9,0,1"/>
   <wangtile tileid="284" wangid="0,9,0,9,0,9,0,1"/>
   <wangtile tileid="285" wangid="0,1,0,1,0,1,0,9"/>
   <wangtile tileid="286" wangid="0,1,0,9,0,1,0,9"/>
   <wangtile tileid="287" wangid="0,1,0,1,0,9,0,9"/>
   <wangtile tileid="288" wangid="0,1,0,9,0,9,0,9"/>
   <wangtile tileid="289" wangid="0,9,0,1,0,1,0,9"/>
   <wangtile tileid="290" wangid="0,9,0,9,0,1,0,9"/>
   <wangtile tileid="291" wangid="0,9,0,1,0,9,0,9"/>
   <wangtile tileid="292" wangid="0,2,0,3,0,2,0,2"/>
   <wangtile tileid="293" wangid="0,2,0,2,0,3,0,2"/>
   <wangtile tileid="294" wangid="0,2,0,3,0,3,0,2"/>
   <wangtile tileid="295" wangid="0,3,0,2,0,2,0,2"/>
   <wangtile tileid="296" wangid="0,3,0,3,0,2,0,2"/>
   <wangtile tileid="297" wangid="0,3,0,2,0,3,0,2"/>
   <wangtile tileid="298" wangid="0,3,0,3,0,3,0,2"/>
   <wangtile tileid="299" wangid="0,2,0,2,0,2,0,3"/>
   <wangtile tileid="300" wangid="0,2,0,3,0,2,0,3"/>
   <wangtile tileid="301" wangid="0,2,0,2,0,3,0,3"/>
   <wangtile tileid="302" wangid="0,2,0,3,0,3,0,3"/>
   <wangtile tileid="303" wangid="0,3,0,2,0,2,0,3"/>
   <wangtile tileid="304" wangid="0,3,0,3,0,2,0,3"/>
   <wangtile tileid="305" wangid="0,3,0,2,0,3,0,3"/>
   <wangtile tileid="306" wangid="0,2,0,3,0,2,0,2"/>
   <wangtile tileid="307" wangid="0,2,0,2,0,3,0,2"/>
   <wangtile tileid="308" wangid="0,2,0,3,0,3,0,2"/>
   <wangtile tileid="309" wangid="0,3,0,2,0,2,0,2"/>
   <wangtile tileid="310" wangid="0,3,0,3,0,2,0,2"/>
   <wangtile tileid="311" wangid="0,3,0,3,0,3,0,2"/>
   <wangtile tileid="312" wangid="0,2,0,2,0,2,0,3"/>
   <wangtile tileid="313" wangid="0,2,0,2,0,3,0,3"/>
   <wangtile tileid="314" wangid="0,2,0,3,0,3,0,3"/>
   <wangtile tileid="315" wangid="0,3,0,2,0,2,0,3"/>
   <wangtile tileid="316" wangid="0,3,0,3,0,2,0,3"/>
   <wangtile tileid="317" wangid="0,3,0,2,0,3,0,3"/>
   <wangtile tileid="318" wangid="0,2,0,3,0,2,0,2"/>
   <wangtile tileid="319" wangid="0,2,0,2,0,3,0,2"/>
   <wangtile tileid="320" wangid="0,2,0,3,0,3,0,2"/>
   <wangtile tileid="321" wangid="0,3,0,2,0,2,0,2"/>
   <wangtile tileid="322" wangid="0,3,0,3,0,2,0,2"/>
   <wangtile tileid="323" wangid="0,3,0,3,0,3,0,2"/>
   <wangtile tileid="324" wangid="0,2,0,2,0,2,0,3"/>
   <wangtile tileid="325" wangid="0,2,0,2,0,3,0,3"/>
   <wangtile tileid="326" wangid="0,2,0,3,0,3,0,3"/>
   <wangtile tileid="327" wangid="0,3,0,2,0,2,0,3"/>
   <wangtile tileid="328" wangid="0,3,0,3,0,2,0,3"/>
   <wangtile tileid="329" wangid="0,3,0,2,0,3,0,3"/>
   <wangtile tileid="330" wangid="0,2,0,3,0,2,0,2"/>
   <wangtile tileid="331" wangid="0,2,0,2,0,3,0,2"/>
   <wangtile tileid="332" wangid="0,2,0,3,0,3,0,2"/>
   <wangtile tileid="333" wangid="0,3,0,2,0,2,0,2"/>
   <wangtile tileid="334" wangid="0,3,0,3,0,2,0,2"/>
   <wangtile tileid="335" wangid="0,3,0,3,0,3,0,2"/>
   <wangtile tileid="336" wangid="0,2,0,2,0,2,0,3"/>
   <wangtile tileid="337" wangid="0,2,0,2,0,3,0,3"/>
   <wangtile tileid="338" wangid="0,2,0,3,0,3,0,3"/>
   <wangtile tileid="339" wangid="0,3,0,2,0,2,0,3"/>
   <wangtile tileid="340" wangid="0,3,0,3,0,2,0,3"/>
   <wangtile tileid="341" wangid="0,3,0,2,0,3,0,3"/>
   <wangtile tileid="342" wangid="0,2,0,4,0,2,0,2"/>
   <wangtile tileid="343" wangid="0,2,0,2,0,4,0,2"/>
   <wangtile tileid="344" wangid="0,2,0,4,0,4,0,2"/>
   <wangtile tileid="345" wangid="0,4,0,2,0,2,0,2"/>
   <wangtile tileid="346" wangid="0,4,0,4,0,2,0,2"/>
   <wangtile tileid="347" wangid="0,4,0,2,0,4,0,2"/>
   <wangtile tileid="348" wangid="0,4,0,4,0,4,0,2"/>
   <wangtile tileid="349" wangid="0,2,0,2,0,2,0,4"/>
   <wangtile tileid="350" wangid="0,2,0,4,0,2,0,4"/>
   <wangtile tileid="351" wangid="0,2,0,2,0,4,0,4"/>
   <wangtile tileid="352" wangid="0,2,0,4,0,4,0,4"/>
   <wangtile tileid="353" wangid="0,4,0,2,0,2,0,4"/>
   <wangtile tileid="354" wangid="0,4,0,4,0,2,0,4"/>
   <wangtile tileid="355" wangid="0,4,0,2,0,4,0,4"/>
   <wangtile tileid="356" wangid="0,2,0,2,0,4,0,4"/>
   <wangtile tileid="357" wangid="0,4,0,2,0,2,0,4"/>
   <wangtile tileid="358" wangid="0,2,0,5,0,2,0,2"/>
   <wangtile tileid="359" wangid="0,2,0,2,0,5,0,2"/>
   <wangtile tileid="360" wangid="0,2,0,5,0,5,0,2"/>
   <wangtile tileid="361" wangid="0,5,0,2,0,2,0,2"/>
   <wangtile tileid="362" wangid="0,5,0,5,0,2,0,2"/>
   <wangtile tileid="363" wangid="0,5,0,2,0,5,0,2"/>
   <wangtile tileid="364" wangid="0,5,0,5,0,5,0,2"/>
   <wangtile tileid="365" wangid="0,2,0,2,0,2,0,5"/>
   <wangtile tileid="366" wangid="0,2,0,5,0,2,0,5"/>
   <wangtile tileid="367" wangid="0,2,0,2,0,5,0,5"/>
   <wangtile tileid="368" wangid="0,2,0,5,0,5,0,5"/>
   <wangtile tileid="369" wangid="0,5,0,2,0,2,0,5"/>
   <wangtile tileid="370" wangid="0,5,0,5,0,2,0,5"/>
   <wangtile tileid="371" wangid="0,5,0,2,0,5,0,5"/>
   <wangtile tileid="372" wangid="0,2,0,6,0,2,0,2"/>
   <wangtile tileid="373" wangid="0,2,0,2,0,6,0,2"/>
   <wangtile tileid="374" wangid="0,2,0,6,0,6,0,2"/>
   <wangtile tileid="375" wangid="0,6,0,2,0,2,0,2"/>
   <wangtile tileid="376" wangid="0,6,0,6,0,2,0,2"/>
   <wangtile tileid="377" wangid="0,6,0,2,0,6,0,2"/>
   <wangtile tileid="378" wangid="0,6,0,6,0,6,0,2"/>
   <wangtile tileid="379" wangid="0,2,0,2,0,2,0,6"/>
   <wangtile tileid="380" wangid="0,2,0,6,0,2,0,6"/>
   <wangtile tileid="381" wangid="0,2,0,2,0,6,0,6"/>
   <wangtile tileid="382" wangid="0,2,0,6,0,6,0,6"/>
   <wangtile tileid="383" wangid="0,6,0,2,0,2,0,6"/>
   <wangtile tileid="384" wangid="0,6,0,6,0,2,0,6"/>
   <wangtile tileid="385" wangid="0,6,0,2,0,6,0,6"/>
   <wangtile tileid="386" wangid="0,2,0,6,0,2,0,2"/>
   <wangtile tileid="387" wangid="0,2,0,2,0,6,0,2"/>
   <wangtile tileid="388" wangid="0,2,0,6,0,6,0,2"/>
   <wangtile tileid="389" wangid="0,6,0,2,0,2,0,2"/>
   <wangtile tileid="390" wangid="0,6,0,6,0,2,0,2"/>
   <wangtile tileid="391" wangid="0,6,0,6,0,6,0,2"/>
   <wangtile tileid="392" wangid="0,2,0,2,0,2,0,6"/>
   <wangtile tileid="393" wangid="0,2,0,2,0,6,0,6"/>
   <wangtile tileid="394" wangid="0,2,0,6,0,6,0,6"/>
   <wangtile tileid="395" wangid="0,6,0,2,0,2,0,6"/>
   <wangtile tileid="396" wangid="0,6,0,6,0,2,0,6"/>
   <wangtile tileid="397" wangid="0,6,0,2,0,6,0,6"/>
   <wangtile tileid="398" wangid="0,2,0,6,0,2,0,2"/>
   <wangtile tileid="399" wangid="0,2,0,2,0,6,0,2"/>
   <wangtile tileid="400" wangid="0,2,0,6,0,6,0,2"/>
   <wangtile tileid="401" wangid="0,6,0,2,0,2,0,2"/>
   <wangtile tileid="402" wangid="0,6,0,6,0,2,0,2"/>
   <wangtile tileid="403" wangid="0,6,0,6,0,6,0,2"/>
   <wangtile tileid="404" wangid="0,2,0,2,0,2,0,6"/>
   <wangtile tileid="405" wangid="0,2,0,2,0,6,0,6"/>
   <wangtile tileid="406" wangid="0,2,0,6,0,6,0,6"/>
   <wangtile tileid="407" wangid="0,6,0,6,0,2,0,6"/>
   <wangtile tileid="408" wangid="0,6,0,2,0,6,0,6"/>
   <wangtile tileid="409" wangid="0,2,0,6,0,2,0,2"/>
   <wangtile tileid="410" wangid="0,2,0,2,0,6,0,2"/>
   <wangtile tileid="411" wangid="0,6,0,2,0,2,0,2"/>
   <wangtile tileid="412" wangid="0,6,0,6,0,2,0,2"/>
   <wangtile tileid="413" wangid="0,6,0,6,0,6,0,2"/>
   <wangtile tileid="414" wangid="0,2,0,2,0,6,0,6"/>
   <wangtile tileid="415" wangid="0,2,0,6,0,6,0,6"/>
   <wangtile tileid="416" wangid="0,6,0,2,0,2,0,6"/>
   <wangtile tileid="417" wangid="0,6,0,6,0,2,0,6"/>
   <wangtile tileid="418" wangid="0,6,0,2,0,6,0,6"/>
   <wangtile tileid="419" wangid="0,2,0,7,0,2,0,2"/>
   <wangtile tileid="420" wangid="0,2,0,2,0,7,0,2"/>
   <wangtile tileid="421" wangid="0,2,0,7,0,7,0,2"/>
   <wangtile tileid="422" wangid="0,7,0,2,0,2,0,2"/>
   <wangtile tileid="423" wangid="0,7,0,7,0,2,0,2"/>
   <wangtile tileid="424" wangid="0,7,0,2,0,7,0,2"/>
   <wangtile tileid="425" wangid="0,7,0,7,0,7,0,2"/>
   <wangtile tileid="426" wangid="0,2,0,2,0,2,0,7"/>
   <wangtile tileid="427" wangid="0,2,0,7,0,2,0,7"/>
   <wangtile tileid="428" wangid="0,2,0,2,0,7,0,7"/>
   <wangtile tileid="429" wangid="0,2,0,7,0,7,0,7"/>
   <wangtile tileid="430" wangid="0,7,0,2,0,2,0,7"/>
   <wangtile tileid="431" wangid="0,7,0,7,0,2,0,7"/>
   <wangtile tileid="432" wangid="0,7,0,2,0,7,0,7"/>
   <wangtile tileid="433" wangid="0,2,0,8,0,2,0,2"/>
   <wangtile tileid="434" wangid="0,2,0,2,0,8,0,2"/>
   <wangtile tileid="435" wangid="0,2,0,8,0,8,0,2"/>
   <wangtile tileid="436" wangid="0,8,0,2,0,2,0,2"/>
   <wangtile tileid="437" wangid="0,8,0,8,0,2,0,2"/>
   <wangtile tileid="438" wangid="0,8,0,2,0,8,0,2"/>
   <wangtile tileid="439" wangid="0,8,0,8,0,8,0,2"/>
   <wangtile tileid="440" wangid="0,2,0,2,0,2,0,8"/>
   <wangtile tileid="441" wangid="0,2,0,8,0,2,0,8"/>
   <wangtile tileid="442" wangid="0,2,0,2,0,8,0,8"/>
   <wangtile tileid="443" wangid="0,2,0,8,0,8,0,8"/>
   <wangtile tileid="444" wangid="0,8,0,2,0,2,0,8"/>
   <wangtile tileid="445" wangid="0,8,0,8,0,2,0,8"/>
   <wangtile tileid="446" wangid="0,8,0,2,0,8,0,8"/>
   <wangtile tileid="447" wangid="0,2,0,8,0,2,0,2"/>
   <wangtile tileid="448" wangid="0,8,0,8,0,2,0,2"/>
   <wangtile tileid="449" wangid="0,2,0,2,0,8,0,8"/>
   <wangtile tileid="450" wangid="0,2,0,8,0,8,0,8"/>
   <wangtile tileid="451" wangid="0,8,0,8,0,2,0,8"/>
   <wangtile tileid="452" wangid="0,8,0,2,0,8,0,8"/>
   <wangtile tileid="453" wangid="0,2,0,8,0,2,0,2"/>
   <wangtile tileid="454" wangid="0,2,0,2,0,8,0,2"/>
   <wangtile tileid="455" wangid="0,8,0,8,0,2,0,2"/>
   <wangtile tileid="456" wangid="0,2,0,2,0,2,0,8"/>
   <wangtile tileid="457" wangid="0,2,0,2,0,8,0,8"/>
   <wangtile tileid="458" wangid="0,8,0,8,0,2,0,8"/>
   <wangtile tileid="459" wangid="0,8,0,2,0,2,0,2"/>
   <wangtile tileid="460" wangid="0,8,0,8,0,2,0,2"/>
   <wangtile tileid="461" wangid="0,8,0,8,0,8,0,2"/>
   <wangtile tileid="462" wangid="0,2,0,2,0,8,0,8"/>
   <wangtile tileid="463" wangid="0,2,0,8,0,8,0,8"/>
   <wangtile tileid="464" wangid="0,8,0,2,0,8,0,8"/>
   <wangtile tileid="465" wangid="0,2,0,9,0,2,0,2"/>
   <wangtile tileid="466" wangid="0,2,0,2,0,9,0,2"/>
   <wangtile tileid="467" wangid="0,2,0,9,0,9,0,2"/>
   <wangtile tileid="468" wangid="0,9,0,2,0,2,0,2"/>
   <wangtile tileid="469" wangid="0,9,0,9,0,2,0,2"/>
   <wangtile tileid="470" wangid="0,9,0,2,0,9,0,2"/>
   <wangtile tileid="471" wangid="0,9,0,9,0,9,0,2"/>
   <wangtile tileid="472" wangid="0,2,0,2,0,2,0,9"/>
   <wangtile tileid="473" wangid="0,2,0,9,0,2,0,9"/>
   <wangtile tileid="474" wangid="0,2,0,2,0,9,0,9"/>
   <wangtile tileid="475" wangid="0,2,0,9,0,9,0,9"/>
   <wangtile tileid="476" wangid="0,9,0,2,0,2,0,9"/>
   <wangtile tileid="477" wangid="0,9,0,9,0,2,0,9"/>
   <wangtile tileid="478" wangid="0,9,0,2,0,9,0,9"/>
   <wangtile tileid="479" wangid="0,3,0,4,0,3,0,3"/>
   <wangtile tileid="480" wangid="0,3,0,3,0,4,0,3"/>
   <wangtile tileid="481" wangid="0,3,0,4,0,4,0,3"/>
   <wangtile tileid="482" wangid="0,4,0,3,0,3,0,3"/>
   <wangtile tileid="483" wangid="0,4,0,4,0,3,0,3"/>
   <wangtile tileid="484" wangid="0,4,0,3,0,4,0,3"/>
   <wangtile tileid="485" wangid="0,4,0,4,0,4,0,3"/>
   <wangtile tileid="486" wangid="0,3,0,3,0,3,0,4"/>
   <wangtile tileid="487" wangid="0,3,0,4,0,3,0,4"/>
   <wangtile tileid="488" wangid="0,3,0,3,0,4,0,4"/>
   <wangtile tileid="489" wangid="0,3,0,4,0,4,0,4"/>
   <wangtile tileid="490" wangid="0,4,0,3,0,3,0,4"/>
   <wangtile tileid="491" wangid="0,4,0,4,0,3,0,4"/>
   <wangtile tileid="492" wangid="0,4,0,3,0,4,0,4"/>
   <wangtile tileid="493" wangid="0,4,0,3,0,3,0,3"/>
   <wangtile tileid="494" wangid="0,4,0,4,0,3,0,3"/>
   <wangtile tileid="495" wangid="0,3,0,4,0,4,0,4"/>
   <wangtile tileid="496" wangid="0,4,0,4,0,3,0,4"/>
   <wangtile tileid="497" wangid="0,3,0,4,0,3,0,3"/>
   <wangtile tileid="498" wangid="0,4,0,3,0,3,0,3"/>
   <wangtile tileid="499" wangid="0,4,0,4,0,3,0,3"/>
   <wangtile tileid="500" wangid="0,4,0,3,0,4,0,4"/>
   <wangtile tileid="501" wangid="0,3,0,5,0,3,0,3"/>
   <wangtile tileid="502" wangid="0,3,0,3,0,5,0,3"/>
   <wangtile tileid="503" wangid="0,3,0,5,0,5,0,3"/>
   <wangtile tileid="504" wangid="0,5,0,3,0,3,0,3"/>
   <wangtile tileid="505" wangid="0,5,0,5,0,3,0,3"/>
   <wangtile tileid="506" wangid="0,5,0,3,0,5,0,3"/>
   <wangtile tileid="507" wangid="0,5,0,5,0,5,0,3"/>
   <wangtile tileid="508" wangid="0,3,0,3,0,3,0,5"/>
   <wangtile tileid="509" wangid="0,3,0,5,0,3,0,5"/>
   <wangtile tileid="510" wangid="0,3,0,3,0,5,0,5"/>
   <wangtile tileid="511" wangid="0,3,0,5,0,5,0,5"/>
   <wangtile tileid="512" wangid="0,5,0,3,0,3,0,5"/>
   <wangtile tileid="513" wangid="0,5,0,5,0,3,0,5"/>
   <wangtile tileid="514" wangid="0,5,0,3,0,5,0,5"/>
   <wangtile tileid="515" wangid="0,3,0,6,0,3,0,3"/>
   <wangtile tileid="516" wangid="0,3,0,3,0,6,0,3"/>
   <wangtile tileid="517" wangid="0,3,0,6,0,6,0,3"/>
   <wangtile tileid="518" wangid="0,6,0,3,0,3,0,3"/>
   <wangtile tileid="519" wangid="0,6,0,6,0,3,0,3"/>
   <wangtile tileid="520" wangid="0,6,0,3,0,6,0,3"/>
   <wangtile tileid="521" wangid="0,6,0,6,0,6,0,3"/>
   <wangtile tileid="522" wangid="0,3,0,3,0,3,0,6"/>
   <wangtile tileid="523" wangid="0,3,0,6,0,3,0,6"/>
   <wangtile tileid="524" wangid="0,3,0,3,0,6,0,6"/>
   <wangtile tileid="525" wangid="0,3,0,6,0,6,0,6"/>
   <wangtile tileid="526" wangid="0,6,0,3,0,3,0,6"/>
   <wangtile tileid="527" wangid="0,6,0,6,0,3,0,6"/>
   <wangtile tileid="528" wangid="0,6,0,3,0,6,0,6"/>
   <wangtile tileid="529" wangid="0,3,0,6,0,3,0,3"/>
   <wangtile tileid="530" wangid="0,3,0,6,0,6,0,3"/>
   <wangtile tileid="531" wangid="0,6,0,3,0,3,0,3"/>
   <wangtile tileid="532" wangid="0,6,0,6,0,3,0,3"/>
   <wangtile tileid="533" wangid="0,6,0,6,0,6,0,3"/>
   <wangtile tileid="534" wangid="0,3,0,3,0,3,0,6"/>
   <wangtile tileid="535" wangid="0,3,0,3,0,6,0,6"/>
   <wangtile tileid="536" wangid="0,3,0,6,0,6,0,6"/>
   <wangtile tileid="537" wangid="0,6,0,3,0,3,0,6"/>
   <wangtile tileid="538" wangid="0,6,0,6,0,3,0,6"/>
   <wangtile tileid="539" wangid="0,6,0,3,0,6,0,6"/>
   <wangtile tileid="540" wangid="0,3,0,6,0,3,0,3"/>
   <wangtile tileid="541" wangid="0,3,0,3,0,6,0,3"/>
   <wangtile tileid="542" wangid="0,3,0,6,0,6,0,3"/>
   <wangtile tileid="543" wangid="0,6,0,3,0,3,0,3"/>
   <wangtile tileid="544" wangid="0,6,0,6,0,3,0,3"/>
   <wangtile tileid="545" wangid="0,6,0,6,0,6,0,3"/>
   <wangtile tileid="546" wangid="0,3,0,3,0,3,0,6"/>
   <wangtile tileid="547" wangid="0,3,0,3,0,6,0,6"/>
   <wangtile tileid="548" wangid="0,3,0,6,0,6,0,6"/>
   <wangtile tileid="549" wangid="0,6,0,3,0,3,0,6"/>
   <wangtile tileid="550" wangid="0,6,0,6,0,3,0,6"/>
   <wangtile tileid="551" wangid="0,6,0,3,0,6,0,6"/>
   <wangtile tileid="552" wangid="0,3,0,6,0,3,0,3"/>
   <wangtile tileid="553" wangid="0,3,0,3,0,6,0,3"/>
   <wangtile tileid="554" wangid="0,3,0,6,0,6,0,3"/>
   <wangtile tileid="555" wangid="0,6,0,3,0,3,0,3"/>
   <wangtile tileid="556" wangid="0,6,0,6,0,3,0,3"/>
   <wangtile tileid="557" wangid="0,6,0,6,0,6,0,3"/>
   <wangtile tileid="558" wangid="0,3,0,3,0,3,0,6"/>
   <wangtile tileid="559" wangid="0,3,0,3,0,6,0,6"/>
   <wangtile tileid="560" wangid="0,3,0,6,0,6,0,6"/>
   <wangtile tileid="561" wangid="0,6,0,3,0,3,0,6"/>
   <wangtile tileid="562" wangid="0,6,0,6,0,3,0,6"/>
   <wangtile tileid="563" wangid="0,6,0,3,0,6,0,6"/>
   <wangtile tileid="564" wangid="0,3,0,7,0,3,0,3"/>
   <wangtile tileid="565" wangid="0,3,0,3,0,7,0,3"/>
   <wangtile tileid="566" wangid="0,3,0,7,0,7,0,3"/>
   <wangtile tileid="567" wangid="0,7,0,3,0,3,0,3"/>
   <wangtile tileid="568" wangid="0,7,0,7,0,3,0,3"/>
   <wangtile tileid="569" wangid="0,7,0,3,0,7,0,3"/>
   <wangtile tileid="570" wangid="0,7,0,7,0,7,0,3"/>
   <wangtile tileid="571" wangid="0,3,0,3,0,3,0,7"/>
   <wangtile tileid="572" wangid="0,3,0,7,0,3,0,7"/>
   <wangtile tileid="573" wangid="0,3,0,3,0,7,0,7"/>
   <wangtile tileid="574" wangid="0,3,0,7,0,7,0,7"/>
   <wangtile tileid="575" wangid="0,7,0,3,0,3,0,7"/>
   <wangtile tileid="576" wangid="0,7,0,7,0,3,0,7"/>
   <wangtile tileid="577" wangid="0,7,0,3,0,7,0,7"/>
   <wangtile tileid="578" wangid="0,3,0,8,0,3,0,3"/>
   <wangtile tileid="579" wangid="0,3,0,3,0,8,0,3"/>
   <wangtile tileid="580" wangid="0,3,0,8,0,8,0,3"/>
   <wangtile tileid="581" wangid="0,8,0,3,0,3,0,3"/>
   <wangtile tileid="582" wangid="0,8,0,8,0,3,0,3"/>
   <wangtile tileid="583" wangid="0,8,0,3,0,8,0,3"/>
   <wangtile tileid="584" wangid="0,8,0,8,0,8,0,3"/>
   <wangtile tileid="585" wangid="0,3,0,3,0,3,0,8"/>
   <wangtile tileid="586" wangid="0,3,0,8,0,3,0,8"/>
   <wangtile tileid="587" wangid="0,3,0,3,0,8,0,8"/>
   <wangtile tileid="588" wangid="0,3,0,8,0,8,0,8"/>
   <wangtile tileid="589" wangid="0,8,0,3,0,3,0,8"/>
   <wangtile tileid="590" wangid="0,8,0,8,0,3,0,8"/>
   <wangtile tileid="591" wangid="0,8,0,3,0,8,0,8"/>
   <wangtile tileid="592" wangid="0,3,0,3,0,8,0,3"/>
   <wangtile tileid="593" wangid="0,3,0,8,0,8,0,3"/>
   <wangtile tileid="594" wangid="0,8,0,3,0,3,0,3"/>
   <wangtile tileid="595" wangid="0,8,0,8,0,8,0,3"/>
   <wangtile tileid="596" wangid="0,3,0,8,0,8,0,8"/>
   <wangtile tileid="597" wangid="0,8,0,8,0,3,0,8"/>
   <wangtile tileid="598" wangid="0,8,0,3,0,8,0,8"/>
   <wangtile tileid="599" wangid="0,8,0,3,0,3,0,3"/>
   <wangtile tileid="600" wangid="0,8,0,8,0,3,0,3"/>
   <wangtile tileid="601" wangid="0,8,0,8,0,8,0,3"/>
   <wangtile tileid="602" wangid="0,3,0,8,0,3,0,3"/>
   <wangtile tileid="603" wangid="0,8,0,8,0,3,0,3"/>
   <wangtile tileid="604" wangid="0,3,0,3,0,8,0,8"/>
   <wangtile tileid="605" wangid="0,3,0,8,0,8,0,8"/>
   <wangtile tileid="606" wangid="0,8,0,8,0,3,0,8"/>
   <wangtile tileid="607" wangid="0,3,0,9,0,3,0,3"/>
   <wangtile tileid="608" wangid="0,3,0,3,0,9,0,3"/>
   <wangtile tileid="609" wangid="0,3,0,9,0,9,0,3"/>
   <wangtile tileid="610" wangid="0,9,0,3,0,3,0,3"/>
   <wangtile tileid="611" wangid="0,9,0,9,0,3,0,3"/>
   <wangtile tileid="612" wangid="0,9,0,3,0,9,0,3"/>
   <wangtile tileid="613" wangid="0,9,0,9,0,9,0,3"/>
   <wangtile tileid="614" wangid="0,3,0,3,0,3,0,9"/>
   <wangtile tileid="615" wangid="0,3,0,9,0,3,0,9"/>
   <wangtile tileid="616" wangid="0,3,0,3,0,9,0,9"/>
   <wangtile tileid="617" wangid="0,3,0,9,0,9,0,9"/>
   <wangtile tileid="618" wangid="0,9,0,3,0,3,0,9"/>
   <wangtile tileid="619" wangid="0,9,0,9,0,3,0,9"/>
   <wangtile tileid="620" wangid="0,9,0,3,0,9,0,9"/>
   <wangtile tileid="621" wangid="0,4,0,5,0,4,0,4"/>
   <wangtile tileid="622" wangid="0,4,0,4,0,5,0,4"/>
   <wangtile tileid="623" wangid="0,4,0,5,0,5,0,4"/>
   <wangtile tileid="624" wangid="0,5,0,4,0,4,0,4"/>
   <wangtile tileid="625" wangid="0,5,0,5,0,4,0,4"/>
   <wangtile tileid="626" wangid="0,5,0,4,0,5,0,4"/>
   <wangtile tileid="627" wangid="0,5,0,5,0,5,0,4"/>
   <wangtile tileid="628" wangid="0,4,0,4,0,4,0,5"/>
   <wangtile tileid="629" wangid="0,4,0,5,0,4,0,5"/>
   <wangtile tileid="630" wangid="0,4,0,4,0,5,0,5"/>
   <wangtile tileid="631" wangid="0,4,0,5,0,5,0,5"/>
   <wangtile tileid="632" wangid="0,5,0,4,0,4,0,5"/>
   <wangtile tileid="633" wangid="0,5,0,5,0,4,0,5"/>
   <wangtile tileid="634" wangid="0,5,0,4,0,5,0,5"/>
   <wangtile tileid="635" wangid="0,4,0,6,0,4,0,4"/>
   <wangtile tileid="636" wangid="0,4,0,4,0,6,0,4"/>
   <wangtile tileid="637" wangid="0,4,0,6,0,6,0,4"/>
   <wangtile tileid="638" wangid="0,6,0,4,0,4,0,4"/>
   <wangtile tileid="639" wangid="0,6,0,6,0,4,0,4"/>
   <wangtile tileid="640" wangid="0,6,0,4,0,6,0,4"/>
   <wangtile tileid="641" wangid="0,6,0,6,0,6,0,4"/>
   <wangtile tileid="642" wangid="0,4,0,4,0,4,0,6"/>
   <wangtile tileid="643" wangid="0,4,0,6,0,4,0,6"/>
   <wangtile tileid="644" wangid="0,4,0,4,0,6,0,6"/>
   <wangtile tileid="645" wangid="0,4,0,6,0,6,0,6"/>
   <wangtile tileid="646" wangid="0,6,0,4,0,4,0,6"/>
   <wangtile tileid="647" wangid="0,6,0,6,0,4,0,6"/>
   <wangtile tileid="648" wangid="0,6,0,4,0,6,0,6"/>
   <wangtile tileid="649" wangid="0,4,0,6,0,4,0,4"/>
   <wangtile tileid="650" wangid="0,4,0,4,0,6,0,4"/>
   <wangtile tileid="651" wangid="0,4,0,6,0,6,0,4"/>
   <wangtile tileid="652" wangid="0,6,0,4,0,4,0,4"/>
   <wangtile tileid="653" wangid="0,6,0,6,0,4,0,4"/>
   <wangtile tileid="654" wangid="0,6,0,6,0,6,0,4"/>
   <wangtile tileid="655" wangid="0,4,0,4,0,4,0,6"/>
   <wangtile tileid="656" wangid="0,4,0,4,0,6,0,6"/>
   <wangtile tileid="657" wangid="0,4,0,6,0,6,0,6"/>
   <wangtile tileid="658" wangid="0,6,0,4,0,4,0,6"/>
   <wangtile tileid="659" wangid="0,6,0,6,0,4,0,6"/>
   <wangtile tileid="660" wangid="0,6,0,4,0,6,0,6"/>
   <wangtile tileid="661" wangid="0,4,0,6,0,4,0,4"/>
   <wangtile tileid="662" wangid="0,4,0,4,0,6,0,4"/>
   <wangtile tileid="663" wangid="0,4,0,6,0,6,0,4"/>
   <wangtile tileid="664" wangid="0,6,0,4,0,4,0,4"/>
   <wangtile tileid="665" wangid="0,6,0,6,0,4,0,4"/>
   <wangtile tileid="666" wangid="0,6,0,6,0,6,0,4"/>
   <wangtile tileid="667" wangid="0,4,0,4,0,4,0,6"/>
   <wangtile tileid="668" wangid="0,4,0,4,0,6,0,6"/>
   <wangtile tileid="669" wangid="0,4,0,6,0,6,0,6"/>
   <wangtile tileid="670" wangid="0,6,0,4,0,4,0,6"/>
   <wangtile tileid="671" wangid="0,6,0,6,0,4,0,6"/>
   <wangtile tileid="672" wangid="0,6,0,4,0,6,0,6"/>
   <wangtile tileid="673" wangid="0,4,0,6,0,4,0,4"/>
   <wangtile tileid="674" wangid="0,4,0,4,0,6,0,4"/>
   <wangtile tileid="675" wangid="0,4,0,6,0,6,0,4"/>
   <wangtile tileid="676" wangid="0,6,0,4,0,4,0,4"/>
   <wangtile tileid="677" wangid="0,6,0,6,0,4,0,4"/>
   <wangtile tileid="678" wangid="0,6,0,6,0,6,0,4"/>
   <wangtile tileid="679" wangid="0,4,0,4,0,4,0,6"/>
   <wangtile tileid="680" wangid="0,4,0,4,0,6,0,6"/>
   <wangtile tileid="681" wangid="0,4,0,6,0,6,0,6"/>
   <wangtile tileid="682" wangid="0,6,0,4,0,4,0,6"/>
   <wangtile tileid="683" wangid="0,6,0,6,0,4,0,6"/>
   <wangtile tileid="684" wangid="0,6,0,4,0,6,0,6"/>
   <wangtile tileid="685" wangid="0,4,0,7,0,4,0,4"/>
   <wangtile tileid="686" wangid="0,4,0,4,0,7,0,4"/>
   <wangtile tileid="687" wangid="0,4,0,7,0,7,0,4"/>
   <wangtile tileid="688" wangid="0,7,0,4,0,4,0,4"/>
   <wangtile tileid="689" wangid="0,7,0,7,0,4,0,4"/>
   <wangtile tileid="690" wangid="0,7,0,4,0,7,0,4"/>
   <wangtile tileid="691" wangid="0,7,0,7,0,7,0,4"/>
   <wangtile tileid="692" wangid="0,4,0,4,0,4,0,7"/>
   <wangtile tileid="693" wangid="0,4,0,7,0,4,0,7"/>
   <wangtile tileid="694" wangid="0,4,0,4,0,7,0,7"/>
   <wangtile tileid="695" wangid="0,4,0,7,0,7,0,7"/>
   <wangtile tileid="696" wangid="0,7,0,4,0,4,0,7"/>
   <wangtile tileid="697" wangid="0,7,0,7,0,4,0,7"/>
   <wangtile tileid="698" wangid="0,7,0,4,0,7,0,7"/>
   <wangtile tileid="699" wangid="0,4,0,8,0,4,0,4"/>
   <wangtile tileid="700" wangid="0,4,0,4,0,8,0,4"/>
   <wangtile tileid="701" wangid="0,4,0,8,0,8,0,4"/>
   <wangtile tileid="702" wangid="0,8,0,4,0,4,0,4"/>
   <wangtile tileid="703" wangid="0,8,0,8,0,4,0,4"/>
   <wangtile tileid="704" wangid="0,8,0,4,0,8,0,4"/>
   <wangtile tileid="705" wangid="0,8,0,8,0,8,0,4"/>
   <wangtile tileid="706" wangid="0,4,0,4,0,4,0,8"/>
   <wangtile tileid="707" wangid="0,4,0,8,0,4,0,8"/>
   <wangtile tileid="708" wangid="0,4,0,4,0,8,0,8"/>
   <wangtile tileid="709" wangid="0,4,0,8,0,8,0,8"/>
   <wangtile tileid="710" wangid="0,8,0,4,0,4,0,8"/>
   <wangtile tileid="711" wangid="0,8,0,8,0,4,0,8"/>
   <wangtile tileid="712" wangid="0,8,0,4,0,8,0,8"/>
   <wangtile tileid="713" wangid="0,4,0,4,0,8,0,4"/>
   <wangtile tileid="714" wangid="0,4,0,8,0,8,0,4"/>
   <wangtile tileid="715" wangid="0,8,0,4,0,4,0,4"/>
   <wangtile tileid="716" wangid="0,4,0,4,0,8,0,8"/>
   <wangtile tileid="717" wangid="0,4,0,8,0,8,0,8"/>
   <wangtile tileid="718" wangid="0,8,0,4,0,4,0,8"/>
   <wangtile tileid="719" wangid="0,8,0,8,0,4,0,8"/>
   <wangtile tileid="720" wangid="0,4,0,8,0,4,0,4"/>
   <wangtile tileid="721" wangid="0,4,0,4,0,8,0,4"/>
   <wangtile tileid="722" wangid="0,4,0,8,0,8,0,4"/>
   <wangtile tileid="723" wangid="0,8,0,4,0,4,0,4"/>
   <wangtile tileid="724" wangid="0,8,0,8,0,4,0,4"/>
   <wangtile tileid="725" wangid="0,4,0,4,0,4,0,8"/>
   <wangtile tileid="726" wangid="0,4,0,4,0,8,0,8"/>
   <wangtile tileid="727" wangid="0,4,0,8,0,8,0,8"/>
   <wangtile tileid="728" wangid="0,8,0,4,0,4,0,8"/>
   <wangtile tileid="729" wangid="0,8,0,8,0,4,0,8"/>
   <wangtile tileid="730" wangid="0,8,0,4,0,8,0,8"/>
   <wangtile tileid="731" wangid="0,4,0,4,0,8,0,4"/>
   <wangtile tileid="732" wangid="0,8,0,4,0,4,0,4"/>
   <wangtile tileid="733" wangid="0,8,0,8,0,8,0,4"/>
   <wangtile tileid="734" wangid="0,4,0,4,0,4,0,8"/>
   <wangtile tileid="735" wangid="0,4,0,4,0,8,0,8"/>
   <wangtile tileid="736" wangid="0,4,0,8,0,8,0,8"/>
   <wangtile tileid="737" wangid="0,8,0,4,0,4,0,8"/>
   <wangtile tileid="738" wangid="0,8,0,8,0,4,0,8"/>
   <wangtile tileid="739" wangid="0,4,0,9,0,4,0,4"/>
   <wangtile tileid="740" wangid="0,4,0,4,0,9,0,4"/>
   <wangtile tileid="741" wangid="0,4,0,9,0,9,0,4"/>
   <wangtile tileid="742" wangid="0,9,0,4,0,4,0,4"/>
   <wangtile tileid="743" wangid="0,9,0,9,0,4,0,4"/>
   <wangtile tileid="744" wangid="0,9,0,4,0,9,0,4"/>
   <wangtile tileid="745" wangid="0,9,0,9,0,9,0,4"/>
   <wangtile tileid="746" wangid="0,4,0,4,0,4,0,9"/>
   <wangtile tileid="747" wangid="0,4,0,9,0,4,0,9"/>
   <wangtile tileid="748" wangid="0,4,0,4,0,9,0,9"/>
   <wangtile tileid="749" wangid="0,4,0,9,0,9,0,9"/>
   <wangtile tileid="750" wangid="0,9,0,4,0,4,0,9"/>
   <wangtile tileid="751" wangid="0,9,0,9,0,4,0,9"/>
   <wangtile tileid="752" wangid="0,9,0,4,0,9,0,9"/>
   <wangtile tileid="753" wangid="0,4,0,9,0,9,0,4"/>
   <wangtile tileid="754" wangid="0,9,0,9,0,4,0,4"/>
   <wangtile tileid="755" wangid="0,4,0,4,0,9,0,9"/>
   <wangtile tileid="756" wangid="0,9,0,4,0,4,0,9"/>
   <wangtile tileid="757" wangid="0,4,0,9,0,4,0,4"/>
   <wangtile tileid="758" wangid="0,9,0,9,0,9,0,4"/>
   <wangtile tileid="759" wangid="0,4,0,4,0,4,0,9"/>
   <wangtile tileid="760" wangid="0,4,0,9,0,9,0,9"/>
   <wangtile tileid="761" wangid="0,9,0,4,0,4,0,9"/>
   <wangtile tileid="762" wangid="0,4,0,9,0,9,0,4"/>
   <wangtile tileid="763" wangid="0,9,0,9,0,4,0,4"/>
   <wangtile tileid="764" wangid="0,4,0,4,0,9,0,9"/>
   <wangtile tileid="765" wangid="0,5,0,6,0,5,0,5"/>
   <wangtile tileid="766" wangid="0,5,0,5,0,6,0,5"/>
   <wangtile tileid="767" wangid="0,5,0,6,0,6,0,5"/>
   <wangtile tileid="768" wangid="0,6,0,5,0,5,0,5"/>
   <wangtile tileid="769" wangid="0,6,0,6,0,5,0,5"/>
   <wangtile tileid="770" wangid="0,6,0,5,0,6,0,5"/>
   <wangtile tileid="771" wangid="0,6,0,6,0,6,0,5"/>
   <wangtile tileid="772" wangid="0,5,0,5,0,5,0,6"/>
   <wangtile tileid="773" wangid="0,5,0,6,0,5,0,6"/>
   <wangtile tileid="774" wangid="0,5,0,5,0,6,0,6"/>
   <wangtile tileid="775" wangid="0,5,0,6,0,6,0,6"/>
   <wangtile tileid="776" wangid="0,6,0,5,0,5,0,6"/>
   <wangtile tileid="777" wangid="0,6,0,6,0,5,0,6"/>
   <wangtile tileid="778" wangid="0,6,0,5,0,6,0,6"/>
   <wangtile tileid="779" wangid="0,5,0,6,0,6,0,5"/>
   <wangtile tileid="780" wangid="0,6,0,6,0,5,0,5"/>
   <wangtile tileid="781" wangid="0,5,0,5,0,6,0,6"/>
   <wangtile tileid="782" wangid="0,5,0,6,0,6,0,6"/>
   <wangtile tileid="783" wangid="0,6,0,5,0,5,0,6"/>
   <wangtile tileid="784" wangid="0,6,0,6,0,5,0,6"/>
   <wangtile tileid="785" wangid="0,6,0,5,0,6,0,6"/>
   <wangtile tileid="786" wangid="0,5,0,6,0,6,0,5"/>
   <wangtile tileid="787" wangid="0,6,0,6,0,5,0,5"/>
   <wangtile tileid="788" wangid="0,6,0,6,0,6,0,5"/>
   <wangtile tileid="789" wangid="0,5,0,5,0,6,0,6"/>
   <wangtile tileid="790" wangid="0,5,0,6,0,6,0,6"/>
   <wangtile tileid="791" wangid="0,6,0,5,0,5,0,6"/>
   <wangtile tileid="792" wangid="0,6,0,6,0,5,0,6"/>
   <wangtile tileid="793" wangid="0,6,0,5,0,6,0,6"/>
   <wangtile tileid="794" wangid="0,5,0,6,0,6,0,5"/>
   <wangtile tileid="795" wangid="0,6,0,6,0,5,0,5"/>
   <wangtile tileid="796" wangid="0,6,0,6,0,6,0,5"/>
   <wangtile tileid="797" wangid="0,5,0,5,0,6,0,6"/>
   <wangtile tileid="798" wangid="0,5,0,6,0,6,0,6"/>
   <wangtile tileid="799" wangid="0,6,0,5,0,5,0,6"/>
   <wangtile tileid="800" wangid="0,6,0,5,0,6,0,6"/>
   <wangtile tileid="801" wangid="0,5,0,7,0,5,0,5"/>
   <wangtile tileid="802" wangid="0,5,0,5,0,7,0,5"/>
   <wangtile tileid="803" wangid="0,5,0,7,0,7,0,5"/>
   <wangtile tileid="804" wangid="0,7,0,5,0,5,0,5"/>
   <wangtile tileid="805" wangid="0,7,0,7,0,5,0,5"/>
   <wangtile tileid="806" wangid="0,7,0,5,0,7,0,5"/>
   <wangtile tileid="807" wangid="0,7,0,7,0,7,0,5"/>
   <wangtile tileid="808" wangid="0,5,0,5,0,5,0,7"/>
   <wangtile tileid="809" wangid="0,5,0,7,0,5,0,7"/>
   <wangtile tileid="810" wangid="0,5,0,5,0,7,0,7"/>
   <wangtile tileid="811" wangid="0,5,0,7,0,7,0,7"/>
   <wangtile tileid="812" wangid="0,7,0,5,0,5,0,7"/>
   <wangtile tileid="813" wangid="0,7,0,7,0,5,0,7"/>
   <wangtile tileid="814" wangid="0,7,0,5,0,7,0,7"/>
   <wangtile tileid="815" wangid="0,5,0,8,0,5,0,5"/>
   <wangtile tileid="816" wangid="0,5,0,5,0,8,0,5"/>
   <wangtile tileid="817" wangid="0,5,0,8,0,8,0,5"/>
   <wangtile tileid="818" wangid="0,8,0,5,0,5,0,5"/>
   <wangtile tileid="819" wangid="0,8,0,8,0,5,0,5"/>
   <wangtile tileid="820" wangid="0,8,0,5,0,8,0,5"/>
   <wangtile tileid="821" wangid="0,8,0,8,0,8,0,5"/>
   <wangtile tileid="822" wangid="0,5,0,5,0,5,0,8"/>
   <wangtile tileid="823" wangid="0,5,0,8,0,5,0,8"/>
   <wangtile tileid="824" wangid="0,5,0,5,0,8,0,8"/>
   <wangtile tileid="825" wangid="0,5,0,8,0,8,0,8"/>
   <wangtile tileid="826" wangid="0,8,0,5,0,5,0,8"/>
   <wangtile tileid="827" wangid="0,8,0,8,0,5,0,8"/>
   <wangtile tileid="828" wangid="0,8,0,5,0,8,0,8"/>
   <wangtile tileid="829" wangid="0,5,0,5,0,8,0,8"/>
   <wangtile tileid="830" wangid="0,5,0,8,0,8,0,8"/>
   <wangtile tileid="831" wangid="0,8,0,5,0,8,0,8"/>
   <wangtile tileid="832" wangid="0,5,0,5,0,8,0,8"/>
   <wangtile tileid="833" wangid="0,5,0,9,0,5,0,5"/>
   <wangtile tileid="834" wangid="0,5,0,5,0,9,0,5"/>
   <wangtile tileid="835" wangid="0,5,0,9,0,9,0,5"/>
   <wangtile tileid="836" wangid="0,9,0,5,0,5,0,5"/>
   <wangtile tileid="837" wangid="0,9,0,9,0,5,0,5"/>
   <wangtile tileid="838" wangid="0,9,0,5,0,9,0,5"/>
   <wangtile tileid="839" wangid="0,9,0,9,0,9,0,5"/>
   <wangtile tileid="840" wangid="0,5,0,5,0,5,0,9"/>
   <wangtile tileid="841" wangid="0,5,0,9,0,5,0,9"/>
   <wangtile tileid="842" wangid="0,5,0,5,0,9,0,9"/>
   <wangtile tileid="843" wangid="0,5,0,9,0,9,0,9"/>
   <wangtile tileid="844" wangid="0,9,0,5,0,5,0,9"/>
   <wangtile tileid="845" wangid="0,9,0,9,0,5,0,9"/>
   <wangtile tileid="846" wangid="0,9,0,5,0,9,0,9"/>
   <wangtile tileid="847" wangid="0,6,0,7,0,6,0,6"/>
   <wangtile tileid="848" wangid="0,6,0,6,0,7,0,6"/>
   <wangtile tileid="849" wangid="0,6,0,7,0,7,0,6"/>
   <wangtile tileid="850" wangid="0,7,0,6,0,6,0,6"/>
   <wangtile tileid="851" wangid="0,7,0,7,0,6,0,6"/>
   <wangtile tileid="852" wangid="0,7,0,6,0,7,0,6"/>
   <wangtile tileid="853" wangid="0,7,0,7,0,7,0,6"/>
   <wangtile tileid="854" wangid="0,6,0,6,0,6,0,7"/>
   <wangtile tileid="855" wangid="0,6,0,7,0,6,0,7"/>
   <wangtile tileid="856" wangid="0,6,0,6,0,7,0,7"/>
   <wangtile tileid="857" wangid="0,6,0,7,0,7,0,7"/>
   <wangtile tileid="858" wangid="0,7,0,6,0,6,0,7"/>
   <wangtile tileid="859" wangid="0,7,0,7,0,6,0,7"/>
   <wangtile tileid="860" wangid="0,7,0,6,0,7,0,7"/>
   <wangtile tileid="861" wangid="0,6,0,7,0,6,0,6"/>
   <wangtile tileid="862" wangid="0,6,0,6,0,7,0,6"/>
   <wangtile tileid="863" wangid="0,6,0,7,0,7,0,6"/>
   <wangtile tileid="864" wangid="0,7,0,6,0,6,0,6"/>
   <wangtile tileid="865" wangid="0,7,0,7,0,6,0,6"/>
   <wangtile tileid="866" wangid="0,7,0,6,0,7,0,6"/>
   <wangtile tileid="867" wangid="0,7,0,7,0,7,0,6"/>
   <wangtile tileid="868" wangid="0,6,0,6,0,6,0,7"/>
   <wangtile tileid="869" wangid="0,6,0,6,0,7,0,7"/>
   <wangtile tileid="870" wangid="0,6,0,7,0,7,0,7"/>
   <wangtile tileid="871" wangid="0,7,0,6,0,6,0,7"/>
   <wangtile tileid="872" wangid="0,7,0,7,0,6,0,7"/>
   <wangtile tileid="873" wangid="0,7,0,6,0,7,0,7"/>
   <wangtile tileid="874" wangid="0,6,0,7,0,6,0,6"/>
   <wangtile tileid="875" wangid="0,6,0,6,0,7,0,6"/>
   <wangtile tileid="876" wangid="0,6,0,7,0,7,0,6"/>
   <wangtile tileid="877" wangid="0,7,0,6,0,6,0,6"/>
   <wangtile tileid="878" wangid="0,7,0,7,0,6,0,6"/>
   <wangtile tileid="879" wangid="0,7,0,7,0,7,0,6"/>
   <wangtile tileid="880" wangid="0,6,0,6,0,6,0,7"/>
   <wangtile tileid="881" wangid="0,6,0,7,0,6,0,7"/>
   <wangtile tileid="882" wangid="0,6,0,6,0,7,0,7"/>
   <wangtile tileid="883" wangid="0,6,0,7,0,7,0,7"/>
   <wangtile tileid="884" wangid="0,7,0,6,0,6,0,7"/>
   <wangtile tileid="885" wangid="0,7,0,7,0,6,0,7"/>
   <wangtile tileid="886" wangid="0,7,0,6,0,7,0,7"/>
   <wangtile tileid="887" wangid="0,6,0,7,0,6,0,6"/>
   <wangtile tileid="888" wangid="0,6,0,6,0,7,0,6"/>
   <wangtile tileid="889" wangid="0,6,0,7,0,7,0,6"/>
   <wangtile tileid="890" wangid="0,7,0,6,0,6,0,6"/>
   <wangtile tileid="891" wangid="0,7,0,7,0,6,0,6"/>
   <wangtile tileid="892" wangid="0,7,0,7,0,7,0,6"/>
   <wangtile tileid="893" wangid="0,6,0,6,0,6,0,7"/>
   <wangtile tileid="894" wangid="0,6,0,7,0,6,0,7"/>
   <wangtile tileid="895" wangid="0,6,0,6,0,7,0,7"/>
   <wangtile tileid="896" wangid="0,6,0,7,0,7,0,7"/>
   <wangtile tileid="897" wangid="0,7,0,6,0,6,0,7"/>
   <wangtile tileid="898" wangid="0,7,0,7,0,6,0,7"/>
   <wangtile tileid="899" wangid="0,7,0,6,0,7,0,7"/>
   <wangtile tileid="900" wangid="0,6,0,8,0,6,0,6"/>
   <wangtile tileid="901" wangid="0,6,0,6,0,8,0,6"/>
   <wangtile tileid="902" wangid="0,6,0,8,0,8,0,6"/>
   <wangtile tileid="903" wangid="0,8,0,6,0,6,0,6"/>
   <wangtile tileid="904" wangid="0,8,0,8,0,6,0,6"/>
   <wangtile tileid="905" wangid="0,8,0,6,0,8,0,6"/>
   <wangtile tileid="906" wangid="0,8,0,8,0,8,0,6"/>
   <wangtile tileid="907" wangid="0,6,0,6,0,6,0,8"/>
   <wangtile tileid="908" wangid="0,6,0,8,0,6,0,8"/>
   <wangtile tileid="909" wangid="0,6,0,6,0,8,0,8"/>
   <wangtile tileid="910" wangid="0,6,0,8,0,8,0,8"/>
   <wangtile tileid="911" wangid="0,8,0,6,0,6,0,8"/>
   <wangtile tileid="912" wangid="0,8,0,8,0,6,0,8"/>
   <wangtile tileid="913" wangid="0,8,0,6,0,8,0,8"/>
   <wangtile tileid="914" wangid="0,6,0,8,0,6,0,6"/>
   <wangtile tileid="915" wangid="0,6,0,6,0,8,0,6"/>
   <wangtile tileid="916" wangid="0,6,0,8,0,8,0,6"/>
   <wangtile tileid="917" wangid="0,8,0,6,0,6,0,6"/>
   <wangtile tileid="918" wangid="0,8,0,8,0,6,0,6"/>
   <wangtile tileid="919" wangid="0,8,0,8,0,8,0,6"/>
   <wangtile tileid="920" wangid="0,6,0,6,0,6,0,8"/>
   <wangtile tileid="921" wangid="0,6,0,6,0,8,0,8"/>
   <wangtile tileid="922" wangid="0,6,0,8,0,8,0,8"/>
   <wangtile tileid="923" wangid="0,8,0,6,0,6,0,8"/>
   <wangtile tileid="924" wangid="0,8,0,8,0,6,0,8"/>
   <wangtile tileid="925" wangid="0,8,0,6,0,8,0,8"/>
   <wangtile tileid="926" wangid="0,6,0,8,0,6,0,6"/>
   <wangtile tileid="927" wangid="0,6,0,6,0,8,0,6"/>
   <wangtile tileid="928" wangid="0,6,0,8,0,8,0,6"/>
   <wangtile tileid="929" wangid="0,8,0,6,0,6,0,6"/>
   <wangtile tileid="930" wangid="0,8,0,8,0,6,0,6"/>
   <wangtile tileid="931" wangid="0,8,0,8,0,8,0,6"/>
   <wangtile tileid="932" wangid="0,6,0,6,0,6,0,8"/>
   <wangtile tileid="933" wangid="0,6,0,6,0,8,0,8"/>
   <wangtile tileid="934" wangid="0,6,0,8,0,8,0,8"/>
   <wangtile tileid="935" wangid="0,8,0,6,0,6,0,8"/>
   <wangtile tileid="936" wangid="0,8,0,8,0,6,0,8"/>
   <wangtile tileid="937" wangid="0,8,0,6,0,8,0,8"/>
   <wangtile tileid="938" wangid="0,6,0,8,0,6,0,6"/>
   <wangtile tileid="939" wangid="0,6,0,6,0,8,0,6"/>
   <wangtile tileid="940" wangid="0,6,0,8,0,8,0,6"/>
   <wangtile tileid="941" wangid="0,8,0,6,0,6,0,6"/>
   <wangtile tileid="942" wangid="0,8,0,8,0,6,0,6"/>
   <wangtile tileid="943" wangid="0,8,0,8,0,8,0,6"/>
   <wangtile tileid="944" wangid="0,6,0,6,0,6,0,8"/>
   <wangtile tileid="945" wangid="0,6,0,8,0,6,0,8"/>
   <wangtile tileid="946" wangid="0,6,0,6,0,8,0,8"/>
   <wangtile tileid="947" wangid="0,6,0,8,0,8,0,8"/>
   <wangtile tileid="948" wangid="0,8,0,6,0,6,0,8"/>
   <wangtile tileid="949" wangid="0,8,0,8,0,6,0,8"/>
   <wangtile tileid="950" wangid="0,8,0,6,0,8,0,8"/>
   <wangtile tileid="951" wangid="0,6,0,9,0,6,0,6"/>
   <wangtile tileid="952" wangid="0,6,0,6,0,9,0,6"/>
   <wangtile tileid="953" wangid="0,6,0,9,0,9,0,6"/>
   <wangtile tileid="954" wangid="0,9,0,6,0,6,0,6"/>
   <wangtile tileid="955" wangid="0,9,0,9,0,6,0,6"/>
   <wangtile tileid="956" wangid="0,9,0,6,0,9,0,6"/>
   <wangtile tileid="957" wangid="0,9,0,9,0,9,0,6"/>
   <wangtile tileid="958" wangid="0,6,0,6,0,6,0,9"/>
   <wangtile tileid="959" wangid="0,6,0,9,0,6,0,9"/>
   <wangtile tileid="960" wangid="0,6,0,6,0,9,0,9"/>
   <wangtile tileid="961" wangid="0,6,0,9,0,9,0,9"/>
   <wangtile tileid="962" wangid="0,9,0,6,0,6,0,9"/>
   <wangtile tileid="963" wangid="0,9,0,9,0,6,0,9"/>
   <wangtile tileid="964" wangid="0,9,0,6,0,9,0,9"/>
   <wangtile tileid="965" wangid="0,6,0,6,0,9,0,6"/>
   <wangtile tileid="966" wangid="0,6,0,9,0,9,0,6"/>
   <wangtile tileid="967" wangid="0,9,0,9,0,9,0,6"/>
   <wangtile tileid="968" wangid="0,6,0,6,0,6,0,9"/>
   <wangtile tileid="969" wangid="0,6,0,6,0,9,0,9"/>
   <wangtile tileid="970" wangid="0,9,0,6,0,6,0,9"/>
   <wangtile tileid="971" wangid="0,6,0,6,0,9,0,6"/>
   <wangtile tileid="972" wangid="0,6,0,9,0,9,0,6"/>
   <wangtile tileid="973" wangid="0,9,0,6,0,6,0,6"/>
   <wangtile tileid="974" wangid="0,9,0,9,0,6,0,6"/>
   <wangtile tileid="975" wangid="0,9,0,9,0,9,0,6"/>
   <wangtile tileid="976" wangid="0,6,0,6,0,6,0,9"/>
   <wangtile tileid="977" wangid="0,6,0,6,0,9,0,9"/>
   <wangtile tileid="978" wangid="0,6,0,9,0,6,0,6"/>
   <wangtile tileid="979" wangid="0,6,0,9,0,9,0,6"/>
   <wangtile tileid="980" wangid="0,9,0,9,0,6,0,6"/>
   <wangtile tileid="981" wangid="0,6,0,6,0,9,0,9"/>
   <wangtile tileid="982" wangid="0,9,0,6,0,6,0,9"/>
   <wangtile tileid="983" wangid="0,9,0,6,0,9,0,9"/>
   <wangtile tileid="984" wangid="0,7,0,8,0,7,0,7"/>
   <wangtile tileid="985" wangid="0,7,0,7,0,8,0,7"/>
   <wangtile tileid="986" wangid="0,7,0,8,0,8,0,7"/>
   <wangtile tileid="987" wangid="0,8,0,7,0,7,0,7"/>
   <wangtile tileid="988" wangid="0,8,0,8,0,7,0,7"/>
   <wangtile tileid="989" wangid="0,8,0,7,0,8,0,7"/>
   <wangtile tileid="990" wangid="0,8,0,8,0,8,0,7"/>
   <wangtile tileid="991" wangid="0,7,0,7,0,7,0,8"/>
   <wangtile tileid="992" wangid="0,7,0,8,0,7,0,8"/>
   <wangtile tileid="993" wangid="0,7,0,7,0,8,0,8"/>
   <wangtile tileid="994" wangid="0,7,0,8,0,8,0,8"/>
   <wangtile tileid="995" wangid="0,8,0,7,0,7,0,8"/>
   <wangtile tileid="996" wangid="0,8,0,8,0,7,0,8"/>
   <wangtile tileid="997" wangid="0,8,0,7,0,8,0,8"/>
   <wangtile tileid="998" wangid="0,7,0,8,0,7,0,7"/>
   <wangtile tileid="999" wangid="0,7,0,7,0,8,0,7"/>
   <wangtile tileid="1000" wangid="0,7,0,8,0,8,0,7"/>
   <wangtile tileid="1001" wangid="0,8,0,7,0,7,0,7"/>
   <wangtile tileid="1002" wangid="0,8,0,8,0,7,0,7"/>
   <wangtile tileid="1003" wangid="0,8,0,8,0,8,0,7"/>
   <wangtile tileid="1004" wangid="0,7,0,7,0,7,0,8"/>
   <wangtile tileid="1005" wangid="0,7,0,8,0,7,0,8"/>
   <wangtile tileid="1006" wangid="0,7,0,7,0,8,0,8"/>
   <wangtile tileid="1007" wangid="0,7,0,8,0,8,0,8"/>
   <wangtile tileid="1008" wangid="0,8,0,7,0,7,0,8"/>
   <wangtile tileid="1009" wangid="0,8,0,8,0,7,0,8"/>
   <wangtile tileid="1010" wangid="0,8,0,7,0,8,0,8"/>
   <wangtile tileid="1011" wangid="0,7,0,8,0,7,0,7"/>
   <wangtile tileid="1012" wangid="0,7,0,7,0,8,0,7"/>
   <wangtile tileid="1013" wangid="0,7,0,8,0,8,0,7"/>
   <wangtile tileid="1014" wangid="0,8,0,7,0,7,0,7"/>
   <wangtile tileid="1015" wangid="0,8,0,8,0,7,0,7"/>
   <wangtile tileid="1016" wangid="0,8,0,8,0,8,0,7"/>
   <wangtile tileid="1017" wangid="0,7,0,7,0,7,0,8"/>
   <wangtile tileid="1018" wangid="0,7,0,8,0,7,0,8"/>
   <wangtile tileid="1019" wangid="0,7,0,7,0,8,0,8"/>
   <wangtile tileid="1020" wangid="0,7,0,8,0,8,0,8"/>
   <wangtile tileid="1021" wangid="0,8,0,7,0,7,0,8"/>
   <wangtile tileid="1022" wangid="0,8,0,8,0,7,0,8"/>
   <wangtile tileid="1023" wangid="0,8,0,7,0,8,0,8"/>
   <wangtile tileid="1024" wangid="0,7,0,8,0,7,0,7"/>
   <wangtile tileid="1025" wangid="0,7,0,7,0,8,0,7"/>
   <wangtile tileid="1026" wangid="0,7,0,8,0,8,0,7"/>
   <wangtile tileid="1027" wangid="0,8,0,7,0,7,0,7"/>
   <wangtile tileid="1028" wangid="0,8,0,8,0,7,0,7"/>
   <wangtile tileid="1029" wangid="0,8,0,7,0,8,0,7"/>
   <wangtile tileid="1030" wangid="0,8,0,8,0,8,0,7"/>
   <wangtile tileid="1031" wangid="0,7,0,7,0,7,0,8"/>
   <wangtile tileid="1032" wangid="0,7,0,7,0,8,0,8"/>
   <wangtile tileid="1033" wangid="0,7,0,8,0,8,0,8"/>
   <wangtile tileid="1034" wangid="0,8,0,7,0,7,0,8"/>
   <wangtile tileid="1035" wangid="0,8,0,8,0,7,0,8"/>
   <wangtile tileid="1036" wangid="0,8,0,7,0,8,0,8"/>
   <wangtile tileid="1037" wangid="0,7,0,9,0,7,0,7"/>
   <wangtile tileid="1038" wangid="0,7,0,7,0,9,0,7"/>
   <wangtile tileid="1039" wangid="0,7,0,9,0,9,0,7"/>
   <wangtile tileid="1040" wangid="0,9,0,7,0,7,0,7"/>
   <wangtile tileid="1041" wangid="0,9,0,9,0,7,0,7"/>
   <wangtile tileid="1042" wangid="0,9,0,7,0,9,0,7"/>
   <wangtile tileid="1043" wangid="0,9,0,9,0,9,0,7"/>
   <wangtile tileid="1044" wangid="0,7,0,7,0,7,0,9"/>
   <wangtile tileid="1045" wangid="0,7,0,9,0,7,0,9"/>
   <wangtile tileid="1046" wangid="0,7,0,7,0,9,0,9"/>
   <wangtile tileid="1047" wangid="0,7,0,9,0,9,0,9"/>
   <wangtile tileid="1048" wangid="0,9,0,7,0,7,0,9"/>
   <wangtile tileid="1049" wangid="0,9,0,9,0,7,0,9"/>
   <wangtile tileid="1050" wangid="0,9,0,7,0,9,0,9"/>
   <wangtile tileid="1051" wangid="0,7,0,9,0,7,0,7"/>
   <wangtile tileid="1052" wangid="0,9,0,9,0,7,0,7"/>
   <wangtile tileid="1053" wangid="0,7,0,7,0,9,0,9"/>
   <wangtile tileid="1054" wangid="0,7,0,9,0,9,0,9"/>
   <wangtile tileid="1055" wangid="0,7,0,9,0,9,0,9"/>
   <wangtile tileid="1056" wangid="0,9,0,9,0,7,0,7"/>
   <wangtile tileid="1057" wangid="0,7,0,7,0,9,0,9"/>
   <wangtile tileid="1058" wangid="0,9,0,7,0,7,0,9"/>
   <wangtile tileid="1059" wangid="0,8,0,9,0,8,0,8"/>
   <wangtile tileid="1060" wangid="0,8,0,8,0,9,0,8"/>
   <wangtile tileid="1061" wangid="0,8,0,9,0,9,0,8"/>
   <wangtile tileid="1062" wangid="0,9,0,8,0,8,0,8"/>
   <wangtile tileid="1063" wangid="0,9,0,9,0,8,0,8"/>
   <wangtile tileid="1064" wangid="0,9,0,8,0,9,0,8"/>
   <wangtile tileid="1065" wangid="0,9,0,9,0,9,0,8"/>
   <wangtile tileid="1066" wangid="0,8,0,8,0,8,0,9"/>
   <wangtile tileid="1067" wangid="0,8,0,9,0,8,0,9"/>
   <wangtile tileid="1068" wangid="0,8,0,8,0,9,0,9"/>
   <wangtile tileid="1069" wangid="0,8,0,9,0,9,0,9"/>
   <wangtile tileid="1070" wangid="0,9,0,8,0,8,0,9"/>
   <wangtile tileid="1071" wangid="0,9,0,9,0,8,0,9"/>
   <wangtile tileid="1072" wangid="0,9,0,8,0,9,0,9"/>
   <wangtile tileid="1073" wangid="0,9,0,9,0,8,0,9"/>
   <wangtile tileid="1074" wangid="0,9,0,8,0,9,0,9"/>
   <wangtile tileid="1075" wangid="0,1,0,2,0,3,0,2"/>
   <wangtile tileid="1076" wangid="0,2,0,2,0,4,0,3"/>
   <wangtile tileid="1077" wangid="0,3,0,2,0,4,0,3"/>
   <wangtile tileid="1078" wangid="0,4,0,2,0,2,0,3"/>
   <wangtile tileid="1079" wangid="0,2,0,2,0,3,0,4"/>
   <wangtile tileid="1080" wangid="0,3,0,2,0,2,0,4"/>
   <wangtile tileid="1081" wangid="0,2,0,3,0,6,0,2"/>
   <wangtile tileid="1082" wangid="0,6,0,6,0,3,0,2"/>
   <wangtile tileid="1083" wangid="0,2,0,3,0,6,0,3"/>
   <wangtile tileid="1084" wangid="0,2,0,6,0,6,0,3"/>
   <wangtile tileid="1085" wangid="0,6,0,3,0,2,0,3"/>
   <wangtile tileid="1086" wangid="0,6,0,6,0,2,0,3"/>
   <wangtile tileid="1087" wangid="0,2,0,2,0,3,0,6"/>
   <wangtile tileid="1088" wangid="0,3,0,2,0,2,0,6"/>
   <wangtile tileid="1089" wangid="0,6,0,3,0,2,0,2"/>
   <wangtile tileid="1090" wangid="0,2,0,3,0,6,0,3"/>
   <wangtile tileid="1091" wangid="0,6,0,3,0,2,0,3"/>
   <wangtile tileid="1092" wangid="0,6,0,6,0,2,0,3"/>
   <wangtile tileid="1093" wangid="0,2,0,2,0,3,0,6"/>
   <wangtile tileid="1094" wangid="0,3,0,2,0,2,0,6"/>
   <wangtile tileid="1095" wangid="0,3,0,2,0,3,0,6"/>
   <wangtile tileid="1096" wangid="0,3,0,6,0,3,0,2"/>
   <wangtile tileid="1097" wangid="0,2,0,3,0,6,0,3"/>
   <wangtile tileid="1098" wangid="0,2,0,6,0,6,0,3"/>
   <wangtile tileid="1099" wangid="0,6,0,3,0,2,0,3"/>
   <wangtile tileid="1100" wangid="0,3,0,3,0,2,0,6"/>
   <wangtile tileid="1101" wangid="0,6,0,2,0,3,0,6"/>
   <wangtile tileid="1102" wangid="0,2,0,6,0,3,0,2"/>
   <wangtile tileid="1103" wangid="0,2,0,3,0,6,0,2"/>
   <wangtile tileid="1104" wangid="0,3,0,6,0,3,0,2"/>
   <wangtile tileid="1105" wangid="0,6,0,3,0,2,0,2"/>
   <wangtile tileid="1106" wangid="0,2,0,2,0,6,0,3"/>
   <wangtile tileid="1107" wangid="0,2,0,3,0,6,0,3"/>
   <wangtile tileid="1108" wangid="0,3,0,6,0,2,0,3"/>
   <wangtile tileid="1109" wangid="0,6,0,3,0,2,0,3"/>
   <wangtile tileid="1110" wangid="0,6,0,6,0,2,0,3"/>
   <wangtile tileid="1111" wangid="0,2,0,6,0,3,0,6"/>
   <wangtile tileid="1112" wangid="0,2,0,3,0,6,0,6"/>
   <wangtile tileid="1113" wangid="0,3,0,3,0,2,0,6"/>
   <wangtile tileid="1114" wangid="0,6,0,3,0,2,0,6"/>
   <wangtile tileid="1115" wangid="0,3,0,3,0,8,0,2"/>
   <wangtile tileid="1116" wangid="0,8,0,8,0,2,0,3"/>
   <wangtile tileid="1117" wangid="0,2,0,8,0,3,0,2"/>
   <wangtile tileid="1118" wangid="0,6,0,8,0,2,0,2"/>
   <wangtile tileid="1119" wangid="0,8,0,6,0,2,0,2"/>
   <wangtile tileid="1120" wangid="0,2,0,2,0,6,0,8"/>
   <wangtile tileid="1121" wangid="0,2,0,6,0,6,0,8"/>
   <wangtile tileid="1122" wangid="0,2,0,2,0,8,0,6"/>
   <wangtile tileid="1123" wangid="0,6,0,2,0,8,0,8"/>
   <wangtile tileid="1124" wangid="0,4,0,6,0,3,0,4"/>
   <wangtile tileid="1125" wangid="0,6,0,3,0,4,0,4"/>
   <wangtile tileid="1126" wangid="0,3,0,3,0,6,0,4"/>
   <wangtile tileid="1127" wangid="0,4,0,3,0,6,0,4"/>
   <wangtile tileid="1128" wangid="0,3,0,4,0,4,0,6"/>
   <wangtile tileid="1129" wangid="0,4,0,3,0,3,0,6"/>
   <wangtile tileid="1130" wangid="0,6,0,4,0,4,0,3"/>
   <wangtile tileid="1131" wangid="0,3,0,3,0,4,0,6"/>
   <wangtile tileid="1132" wangid="0,6,0,8,0,6,0,3"/>
   <wangtile tileid="1133" wangid="0,6,0,8,0,3,0,6"/>
   <wangtile tileid="1134" wangid="0,8,0,8,0,6,0,3"/>
   <wangtile tileid="1135" wangid="0,3,0,6,0,8,0,6"/>
   <wangtile tileid="1136" wangid="0,3,0,6,0,8,0,6"/>
   <wangtile tileid="1137" wangid="0,6,0,8,0,3,0,3"/>
   <wangtile tileid="1138" wangid="0,6,0,4,0,6,0,5"/>
   <wangtile tileid="1139" wangid="0,6,0,8,0,4,0,4"/>
   <wangtile tileid="1140" wangid="0,8,0,6,0,4,0,4"/>
   <wangtile tileid="1141" wangid="0,6,0,8,0,4,0,6"/>
   <wangtile tileid="1142" wangid="0,4,0,4,0,6,0,8"/>
   <wangtile tileid="1143" wangid="0,4,0,8,0,6,0,4"/>
   <wangtile tileid="1144" wangid="0,4,0,6,0,8,0,4"/>
   <wangtile tileid="1145" wangid="0,6,0,8,0,4,0,4"/>
   <wangtile tileid="1146" wangid="0,4,0,4,0,8,0,6"/>
   <wangtile tileid="1147" wangid="0,4,0,8,0,8,0,6"/>
   <wangtile tileid="1148" wangid="0,4,0,4,0,6,0,8"/>
   <wangtile tileid="1149" wangid="0,8,0,4,0,4,0,6"/>
   <wangtile tileid="1150" wangid="0,4,0,6,0,8,0,8"/>
   <wangtile tileid="1151" wangid="0,6,0,6,0,4,0,8"/>
   <wangtile tileid="1152" wangid="0,4,0,6,0,6,0,8"/>
   <wangtile tileid="1153" wangid="0,6,0,4,0,4,0,8"/>
   <wangtile tileid="1154" wangid="0,6,0,6,0,4,0,8"/>
   <wangtile tileid="1155" wangid="0,6,0,9,0,9,0,4"/>
   <wangtile tileid="1156" wangid="0,9,0,9,0,6,0,4"/>
   <wangtile tileid="1157" wangid="0,6,0,4,0,9,0,6"/>
   <wangtile tileid="1158" wangid="0,9,0,4,0,4,0,6"/>
   <wangtile tileid="1159" wangid="0,6,0,6,0,4,0,9"/>
   <wangtile tileid="1160" wangid="0,9,0,9,0,4,0,6"/>
   <wangtile tileid="1161" wangid="0,6,0,4,0,9,0,9"/>
   <wangtile tileid="1162" wangid="0,4,0,6,0,9,0,4"/>
   <wangtile tileid="1163" wangid="0,9,0,6,0,6,0,4"/>
   <wangtile tileid="1164" wangid="0,9,0,9,0,6,0,4"/>
   <wangtile tileid="1165" wangid="0,4,0,6,0,9,0,9"/>
   <wangtile tileid="1166" wangid="0,9,0,6,0,4,0,9"/>
   <wangtile tileid="1167" wangid="0,9,0,4,0,6,0,9"/>
   <wangtile tileid="1168" wangid="0,5,0,6,0,8,0,5"/>
   <wangtile tileid="1169" wangid="0,6,0,5,0,5,0,8"/>
   <wangtile tileid="1170" wangid="0,5,0,5,0,8,0,6"/>
   <wangtile tileid="1171" wangid="0,5,0,6,0,6,0,8"/>
   <wangtile tileid="1172" wangid="0,9,0,6,0,5,0,6"/>
   <wangtile tileid="1173" wangid="0,6,0,8,0,7,0,6"/>
   <wangtile tileid="1174" wangid="0,6,0,7,0,8,0,6"/>
   <wangtile tileid="1175" wangid="0,7,0,7,0,8,0,6"/>
   <wangtile tileid="1176" wangid="0,7,0,8,0,8,0,6"/>
   <wangtile tileid="1177" wangid="0,8,0,7,0,7,0,6"/>
   <wangtile tileid="1178" wangid="0,8,0,8,0,7,0,6"/>
   <wangtile tileid="1179" wangid="0,7,0,6,0,8,0,7"/>
   <wangtile tileid="1180" wangid="0,8,0,6,0,6,0,7"/>
   <wangtile tileid="1181" wangid="0,6,0,8,0,7,0,8"/>
   <wangtile tileid="1182" wangid="0,6,0,7,0,8,0,8"/>
   <wangtile tileid="1183" wangid="0,7,0,6,0,8,0,8"/>
   <wangtile tileid="1184" wangid="0,8,0,7,0,6,0,8"/>
   <wangtile tileid="1185" wangid="0,8,0,6,0,7,0,8"/>
   <wangtile tileid="1186" wangid="0,8,0,7,0,7,0,6"/>
   <wangtile tileid="1187" wangid="0,8,0,8,0,7,0,6"/>
   <wangtile tileid="1188" wangid="0,6,0,8,0,8,0,7"/>
   <wangtile tileid="1189" wangid="0,8,0,8,0,6,0,7"/>
   <wangtile tileid="1190" wangid="0,6,0,6,0,7,0,8"/>
   <wangtile tileid="1191" wangid="0,7,0,7,0,6,0,8"/>
   <wangtile tileid="1192" wangid="0,7,0,6,0,7,0,8"/>
   <wangtile tileid="1193" wangid="0,7,0,6,0,8,0,8"/>
   <wangtile tileid="1194" wangid="0,8,0,7,0,6,0,8"/>
   <wangtile tileid="1195" wangid="0,7,0,7,0,8,0,6"/>
   <wangtile tileid="1196" wangid="0,7,0,8,0,8,0,6"/>
   <wangtile tileid="1197" wangid="0,8,0,7,0,6,0,6"/>
   <wangtile tileid="1198" wangid="0,7,0,8,0,6,0,7"/>
   <wangtile tileid="1199" wangid="0,8,0,6,0,6,0,7"/>
   <wangtile tileid="1200" wangid="0,8,0,8,0,6,0,7"/>
   <wangtile tileid="1201" wangid="0,6,0,7,0,6,0,8"/>
   <wangtile tileid="1202" wangid="0,6,0,8,0,7,0,8"/>
   <wangtile tileid="1203" wangid="0,7,0,6,0,8,0,8"/>
   <wangtile tileid="1204" wangid="0,8,0,6,0,7,0,8"/>
   <wangtile tileid="1205" wangid="0,6,0,8,0,7,0,6"/>
   <wangtile tileid="1206" wangid="0,7,0,8,0,6,0,6"/>
   <wangtile tileid="1207" wangid="0,8,0,7,0,7,0,6"/>
   <wangtile tileid="1208" wangid="0,6,0,8,0,7,0,7"/>
   <wangtile tileid="1209" wangid="0,6,0,6,0,8,0,7"/>
   <wangtile tileid="1210" wangid="0,6,0,7,0,8,0,7"/>
   <wangtile tileid="1211" wangid="0,7,0,8,0,6,0,7"/>
   <wangtile tileid="1212" wangid="0,7,0,6,0,8,0,7"/>
   <wangtile tileid="1213" wangid="0,8,0,7,0,6,0,7"/>
   <wangtile tileid="1214" wangid="0,8,0,8,0,6,0,7"/>
   <wangtile tileid="1215" wangid="0,8,0,6,0,7,0,7"/>
   <wangtile tileid="1216" wangid="0,6,0,7,0,7,0,8"/>
   <wangtile tileid="1217" wangid="0,7,0,7,0,6,0,8"/>
   <wangtile tileid="1218" wangid="0,7,0,6,0,8,0,8"/>
   <wangtile tileid="1219" wangid="0,8,0,6,0,7,0,8"/>
   <wangtile tileid="1220" wangid="0,6,0,9,0,9,0,7"/>
   <wangtile tileid="1221" wangid="0,6,0,7,0,9,0,9"/>
   <wangtile tileid="1222" wangid="0,9,0,9,0,7,0,6"/>
   <wangtile tileid="1223" wangid="0,6,0,9,0,9,0,7"/>
   <wangtile tileid="1224" wangid="0,9,0,9,0,6,0,7"/>
   <wangtile tileid="1225" wangid="0,6,0,6,0,7,0,9"/>
   <wangtile tileid="1226" wangid="0,7,0,6,0,9,0,9"/>
   <wangtile tileid="1227" wangid="0,7,0,6,0,9,0,9"/>
   <wangtile tileid="1228" wangid="0,9,0,7,0,6,0,9"/>
   <wangtile tileid="1229" wangid="0,9,0,6,0,7,0,9"/>
   <wangtile tileid="1230" wangid="0,6,0,9,0,7,0,6"/>
   <wangtile tileid="1231" wangid="0,6,0,7,0,9,0,7"/>
   <wangtile tileid="1232" wangid="0,9,0,9,0,6,0,7"/>
   <wangtile tileid="1233" wangid="0,6,0,7,0,9,0,9"/>
   <wangtile tileid="1234" wangid="0,9,0,7,0,6,0,9"/>
   <wangtile tileid="1235" wangid="0,9,0,9,0,6,0,8"/>
   <wangtile tileid="1236" wangid="0,8,0,6,0,6,0,9"/>
  </wangset>
  <wangset name="fence" type="edge" tile="1275">
   <wangcolor name="fence" color="#9d6a49" tile="1275" probability="1"/>
   <wangtile tileid="1261" wangid="1,0,0,0,0,0,0,0"/>
   <wangtile tileid="1262" wangid="0,0,1,0,0,0,0,0"/>
   <wangtile tileid="1263" wangid="1,0,1,0,0,0,0,0"/>
   <wangtile tileid="1264" wangid="0,0,0,0,1,0,0,0"/>
   <wangtile tileid="1265" wangid="1,0,0,0,1,0,0,0"/>
   <wangtile tileid="1266" wangid="0,0,1,0,1,0,0,0"/>
   <wangtile tileid="1267" wangid="1,0,1,0,1,0,0,0"/>
   <wangtile tileid="1268" wangid="0,0,0,0,0,0,1,0"/>
   <wangtile tileid="1269" wangid="1,0,0,0,0,0,1,0"/>
   <wangtile tileid="1270" wangid="0,0,1,0,0,0,1,0"/>
   <wangtile tileid="1271" wangid="1,0,1,0,0,0,1,0"/>
   <wangtile tileid="1272" wangid="0,0,0,0,1,0,1,0"/>
   <wangtile tileid="1273" wangid="1,0,0,0,1,0,1,0"/>
   <wangtile tileid="1274" wangid="0,0,1,0,1,0,1,0"/>
   <wangtile tileid="1275" wangid="1,0,1,0,1,0,1,0"/>
  </wangset>
 </wangsets>
</tileset>
